"""Dumb widgets, one a file: they show what they are told and announce what the user did."""
