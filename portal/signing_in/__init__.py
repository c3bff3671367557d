"""Signing in: passwords, providers, and sessions."""
