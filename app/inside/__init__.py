"""The lens that shows the network's layers while it answers."""
