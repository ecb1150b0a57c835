"""The rules of a campaign: one monitoring round with its respondents."""
