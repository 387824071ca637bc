"""Pictures: ink told apart from paper, and the digit from everything else."""
