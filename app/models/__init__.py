"""Models: the library, opening, comparing and exporting."""
