"""Account management: settings, people, the app registration at Microsoft."""

from blueprints.admin import account_settings, people, registration
from blueprints.admin.room import bp

__all__ = ["account_settings", "bp", "people", "registration"]
