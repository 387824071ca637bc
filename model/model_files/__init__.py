"""Model files: inspected, read and opened without running anything in them."""
