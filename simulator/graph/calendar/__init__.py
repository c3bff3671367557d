"""Calendars and events: lists, views, changes, and what may be done to an event."""
