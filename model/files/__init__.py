"""Files: atomic writes, bounded reads, and the user's folders."""
