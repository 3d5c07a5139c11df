"""What editors do to banks: who they are, their drafts, what an edit would change, publishing."""
