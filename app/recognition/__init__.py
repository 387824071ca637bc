"""The answer: which model gives it, and how the window shows it."""
