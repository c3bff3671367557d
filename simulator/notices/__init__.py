"""Change notifications: who asked for them, what is due, and how it is sent."""
