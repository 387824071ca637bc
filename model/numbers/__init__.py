"""Numbers: several digits in one drawing or picture, found by a search over groups."""
