"""Why something stands, read from the database and told in Russian; the rules are in `domain.diagnosis`."""
