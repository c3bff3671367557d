"""Alarms: Outlook keeps one reminder, some minutes before the start."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from icalendar import vDDDTypes

from simulator.ics.lines import Component
from simulator.ics.report import Report


def reminder(event: Component, report: Report) -> dict[str, Any]:
    """The first alarm Outlook can keep; without one the reminder is off."""
    minutes: list[int] = []
    for alarm in event.children:
        if alarm.name != "VALARM" or alarm.word("ACTION") == "NONE":
            continue
        before = _minutes_before(alarm)
        if before is None:
            report.note(alarm.number, "Outlook reminds before the start only: left out.")
        elif alarm.word("ACTION", "DISPLAY") not in ("DISPLAY", "AUDIO"):
            report.note(alarm.number, f"Outlook has no alarm {alarm.word('ACTION')}: left out.")
        elif minutes:
            report.note(alarm.number, "Outlook keeps one reminder for an event: left out.")
        else:
            minutes.append(before)
    if not minutes:
        return {"isReminderOn": False}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": minutes[0]}


def _minutes_before(alarm: Component) -> int | None:
    trigger = alarm.first("TRIGGER")
    if trigger is None or trigger.params.get("RELATED", "START").upper() != "START":
        return None
    try:
        offset = vDDDTypes.from_ical(trigger.raw.strip())
    except (ValueError, TypeError):
        return None
    if not isinstance(offset, timedelta) or offset > timedelta():
        return None
    return int(-offset.total_seconds() // 60)
