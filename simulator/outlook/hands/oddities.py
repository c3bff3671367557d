"""What happens to mailboxes beside ordinary use, and what a client has to live with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.acting import Acting
from simulator.mailbox import writing
from simulator.mailbox.changes import Removed


class OddHand(Acting):
    """Acts that no application asks for. Ids are immutable ids."""

    def drag_on_desktop(self, who: str, event_id: str) -> str:
        """Drag an event in the old desktop Outlook: even its immutable id is a new one."""
        with self.lock:
            mailbox = self.person(who).mailbox
            item = mailbox.find(event_id).item
            mailbox.remove(item, keep=False)
            dragged = replace(item, number=mailbox.next_number())
            mailbox.put(dragged)
            return mailbox.id_of(Removed(dragged.number, 0, 0, 0), immutable=True)

    def change_calendar_id(self, who: str, calendar: str) -> None:
        """Give the calendar of this name another id, as happens within a day of its creation."""
        with self.lock:
            self.person(who).mailbox.calendar_named(calendar).moves += 1

    def name_zones(self, who: str, event_id: str, start: str, end: str | None = None) -> None:
        """Let an event say another zone than it is kept in: a custom one, or a display name."""
        names = {"originalStartTimeZone": start, "originalEndTimeZone": end or start}
        with self.lock:
            self._say(who, event_id, names)

    def edit_unsent(self, who: str, event_id: str, graph: dict[str, Any]) -> None:
        """Change a meeting without telling anybody yet: until the next change it is a draft."""
        with self.lock:
            mailbox = self.person(who).mailbox
            writing.change(mailbox, mailbox.find(event_id), graph)
            self._say(who, event_id, {"isDraft": True})

    def poll_for_time(self, who: str, event_id: str) -> None:
        """Let an event come from a poll: the exception of a series that is not there."""
        with self.lock:
            mailbox = self.person(who).mailbox
            nobody = mailbox.id_of(Removed(mailbox.next_number(), 0, 0, 0), immutable=True)
            self._say(who, event_id, {"type": "exception", "seriesMasterId": nobody})

    def _say(self, who: str, event_id: str, words: dict[str, Any]) -> None:
        mailbox = self.person(who).mailbox
        item = mailbox.find(event_id).item
        item.words = {**item.words, **words}
        mailbox.touch(item)
