"""Why the network answers so: pieces for and against, what is missing, similar training digits."""
