"""The user's database: kept drawings, hands and their history, and training runs."""
