"""A thin HTTP face: who asks, what they want, what they get."""
