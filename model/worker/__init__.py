"""A child process on its pipes: events on standard output, requests on standard input."""
