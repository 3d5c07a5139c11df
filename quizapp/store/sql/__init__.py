"""The statements that both databases run."""
