"""A child process on its pipe: events on standard output, requests on standard input."""
