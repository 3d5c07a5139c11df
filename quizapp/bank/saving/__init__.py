"""Changes the text of a bank's file and leaves every byte as it was that need not change."""
