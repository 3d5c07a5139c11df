"""Backups: one file with everything, made, proven and brought back."""
