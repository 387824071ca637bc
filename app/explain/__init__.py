"""The lens that explains the answer."""
