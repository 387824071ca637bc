"""Pictures: ink separated from paper, and the digit from everything else."""
