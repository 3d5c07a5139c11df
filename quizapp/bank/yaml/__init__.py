"""Reads YAML into trees with places, and writes values as YAML; knows nothing of banks."""
