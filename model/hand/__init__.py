"""My hand: what a network is taught by its user's own drawings, on top of what it knows."""
