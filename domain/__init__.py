"""The rules of the mentoring year: pure values and functions, no clock, no database, no network."""
