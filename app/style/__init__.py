"""How the window looks: palettes, icons, sizes of text, and text that is never markup."""
