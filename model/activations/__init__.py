"""What happens inside a network: every layer's output, and the arithmetic behind one number."""
