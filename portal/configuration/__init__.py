"""Configuration: what may be set at which level, what holds, and what a change would do."""
