"""What an iCalendar event says beside its times, in Graph's words."""

from __future__ import annotations

from html import escape
from typing import Any

from simulator.ics.alarms import reminder
from simulator.ics.lines import Component, unescaped
from simulator.ics.people import attendees
from simulator.ics.report import Report
from simulator.mailbox.words import DEFAULTS

Wire = dict[str, Any]

MOST_SUBJECT = 255
BUSY = {
    "FREE": "free", "TENTATIVE": "tentative", "BUSY": "busy", "OOF": "oof",
    "WORKINGELSEWHERE": "workingElsewhere",
}  # fmt: skip
SENSITIVITY = {"": "normal", "PUBLIC": "normal", "CONFIDENTIAL": "confidential"}
IMPORTANCE = {"0": "low", "1": "normal", "2": "high"}
LINKS = ("URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
UNDERSTOOD = {
    "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION",
    "STATUS", "TRANSP", "CLASS", "PRIORITY", "CATEGORIES", "ATTENDEE", "ORGANIZER", "RRULE",
    "EXRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "SEQUENCE", "CREATED", "LAST-MODIFIED",
    "X-ALT-DESC", *LINKS,
}  # fmt: skip
# Exchange works these out again by itself.
RECKONED = ("X-MICROSOFT-", "X-MS-OLK-")


def words(event: Component, report: Report, before: Wire | None = None) -> Wire:
    """A request body without times. `before`: the words it is to replace, where they differ."""
    kept = before or {}
    whole = {
        "subject": _subject(event, report),
        "body": {"contentType": "html", "content": _body(event)},
        "location": _location(event),
        "showAs": _show_as(event),
        "sensitivity": SENSITIVITY.get(event.word("CLASS"), "private"),
        "importance": _importance(event),
        "categories": _categories(event),
        "attendees": attendees(event, report),
        "allowNewTimeProposals": event.word("X-MICROSOFT-DISALLOW-COUNTER") != "TRUE",
        **reminder(event, report),
    }
    return {name: value for name, value in whole.items() if _says(name, value) or name in kept}


def _says(name: str, value: Any) -> bool:
    if name == "location":
        return bool(value["displayName"])
    if name == "body":
        return bool(value["content"])
    return bool(value != DEFAULTS[name])


def _text(event: Component, name: str) -> str:
    line = event.first(name)
    return line.text if line else ""


def _subject(event: Component, report: Report) -> str:
    subject = " ".join(_text(event, "SUMMARY").splitlines())
    line = event.first("SUMMARY")
    if line and len(subject) > MOST_SUBJECT:
        report.note(line.number, f"The title was cut to {MOST_SUBJECT} characters.")
    return subject[:MOST_SUBJECT]


def _body(event: Component) -> str:
    rich = event.first("X-ALT-DESC")
    if rich and "html" in rich.params.get("FMTTYPE", "text/html").lower():
        content = rich.text
    else:
        content = "<br>\r\n".join(escape(line) for line in _text(event, "DESCRIPTION").splitlines())
    links = [line.raw.strip() for name in LINKS for line in event.all(name)]
    missing = [escape(link) for link in dict.fromkeys(links) if escape(link) not in content]
    shown = [f'<p><a href="{link}">{link}</a></p>' for link in missing]
    added = "\r\n".join(shown)
    if added and "</body>" in content:
        return content.replace("</body>", f"{added}\r\n</body>")
    return "\r\n".join(part for part in (content, added) if part)


def _location(event: Component) -> Wire:
    return {"displayName": " ".join(_text(event, "LOCATION").splitlines())}


def _show_as(event: Component) -> str:
    chosen = BUSY.get(event.word("X-MICROSOFT-CDO-BUSYSTATUS"))
    if chosen:
        return chosen
    if event.word("TRANSP") == "TRANSPARENT":
        return "free"
    return "tentative" if event.word("STATUS") == "TENTATIVE" else "busy"


def _importance(event: Component) -> str:
    chosen = IMPORTANCE.get(event.word("X-MICROSOFT-CDO-IMPORTANCE"))
    priority = event.word("PRIORITY", "0")
    if chosen or not priority.isdecimal():
        return chosen or "normal"
    number = int(priority)
    if not number or number == 5:
        return "normal"
    return "high" if number < 5 else "low"


def _categories(event: Component) -> list[str]:
    found: list[str] = []
    for line in event.all("CATEGORIES"):
        # A comma that belongs to a name is escaped.
        names = line.raw.replace("\\,", "\0").split(",")
        found += [unescaped(name).replace("\0", ",").strip() for name in names]
    return list(dict.fromkeys(name for name in found if name))


def note_the_rest(events: list[Component], report: Report) -> None:
    """Report what has no place in Outlook: each standard property, each private name once."""
    private: dict[str, list[int]] = {}
    for event in events:
        for line in event.lines:
            if line.name in UNDERSTOOD or line.name.startswith(RECKONED):
                continue
            if line.name.startswith("X-"):
                private.setdefault(line.name, []).append(line.number)
            else:
                report.note(line.number, f"{line.name} has no place in Outlook: it is left out.")
        for child in event.children:
            if child.name != "VALARM":
                report.note(child.number, f"{child.name} has no place in Outlook.")
    for name, numbers in private.items():
        times = f" ({len(numbers)} times)" if len(numbers) > 1 else ""
        report.note(numbers[0], f"{name}{times} has no place in Outlook: it is left out.")
