"""Signing in through a provider: to its door, and back with a proof."""

from blueprints.sso import callback, leaving
from blueprints.sso.room import bp

__all__ = ["bp", "callback", "leaving"]
