"""What happens during a training run, in a process of its own."""
