"""What can be wrong with a bank that reads, one module a subject."""
