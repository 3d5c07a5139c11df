"""One YAML file <-> one frozen Bank, or all its Problems."""
