"""The lens that says why the answer is what it is."""
