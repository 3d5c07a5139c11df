"""Serves the application on this machine."""
