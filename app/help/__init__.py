"""Help: the tour, what a convnet is, and what the program is made of."""
