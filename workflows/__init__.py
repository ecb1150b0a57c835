"""Temporal workflows: what time does. They hold no rule and no truth."""
