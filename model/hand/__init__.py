"""My hand: teaching a network by its user's own drawings."""
