"""The consolidated report of a campaign, compiled from its accepted forms: pure, and the same for the same state."""
