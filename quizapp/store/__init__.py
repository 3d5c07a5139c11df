"""Where results and revisions are kept, behind one protocol."""
