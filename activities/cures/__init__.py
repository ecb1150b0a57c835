"""Cures: what an operator or a coordinator can do about something that stands still, each with its preview."""
