"""Files and folders: whole, bounded, in their places."""
