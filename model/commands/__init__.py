"""The command line's subcommands, one per file."""
