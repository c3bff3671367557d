"""A small Outlook on the web: people, weeks, events, the mails they cause, and trouble."""

from simulator.outlook import events, mails, trouble, week
from simulator.outlook.room import bp

__all__ = ["bp", "events", "mails", "trouble", "week"]
