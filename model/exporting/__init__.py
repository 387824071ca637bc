"""A network in other formats."""
