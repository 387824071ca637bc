"""Widgets without logic, one per file: they show values and announce what the user did."""
