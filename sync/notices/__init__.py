"""Notices of changes: asked for, taken in, followed. Without them polling finds everything too."""
