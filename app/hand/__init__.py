"""My hand: corrections, the drawings that are kept, and what is learnt from them."""
