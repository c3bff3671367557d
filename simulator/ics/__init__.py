"""Real calendars in: iCalendar files, with a report of everything Outlook cannot hold."""

from simulator.ics.lines import NotACalendar
from simulator.ics.load import load
from simulator.ics.report import Report

__all__ = ["NotACalendar", "Report", "load"]
