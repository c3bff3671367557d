"""Connecting a calendar: from the profile to Microsoft's consent and back."""

from blueprints.connect import callback, finishing, prompt, steps
from blueprints.connect.room import bp

__all__ = ["bp", "callback", "finishing", "prompt", "steps"]
