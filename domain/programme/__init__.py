"""The programme: one organisation's running year."""
