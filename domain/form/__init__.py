"""Forms that somebody owes: what they ask, what makes them right, what they say in figures."""
