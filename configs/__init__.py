"""Settings: every number that a user may want to change."""
