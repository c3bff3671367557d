"""The planted mutations: each a piece of the engine, and what stands there instead."""

from dataclasses import dataclass


class NoLongerFits(Exception):
    """The engine has changed: the piece that is to be broken is not there once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    file: str
    piece: str
    instead: str

    def applied(self, text: str) -> str:
        """Raises NoLongerFits."""
        if text.count(self.piece) != 1:
            raise NoLongerFits(f"{self.name}: {self.file}")
        return text.replace(self.piece, self.instead)


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "what a round does not show is gone, unasked",
        "sync/reading/verdict.py",
        "        event = about_one(turn, lambda: turn.graph.event(graph_id))\n        found_in",
        "        raise Gone(graph_id)\n        found_in",
    ),
    Mutant(
        "a create is repeated under another transaction id",
        "sync/writing/create.py",
        "            transaction_id=job.transaction_id,",
        "            transaction_id=turn.outside.ids(),",
    ),
    Mutant(
        "whether a round has seen a row is ignored",
        "portal/cache.py",
        "Event.home_id == window.id, Event.seen_in != window.round_number]",
        "Event.home_id == window.id, Event.seen_in < 0]",
    ),
    Mutant(
        "the cursor is stored before what its page brought",
        "sync/reading/pull.py",
        "        ended = _taken_in(turn, plan, page)",
        "        with turn.writing() as db:\n"
        "            windows.by_id(db, window_id).cursor = page.next_link or page.delta_link\n"
        "        ended = _taken_in(turn, plan, page)",
    ),
    Mutant(
        "an update is sent over whatever is there",
        "sync/writing/update.py",
        "return turn.graph.patch(graph_id, fields, if_match=job.change_key)",
        "return turn.graph.patch(graph_id, fields, if_match=None)",
    ),
    Mutant(
        "late copies of an event are believed",
        "portal/links.py",
        "    if change_key in link.former_keys:\n        return True",
        "    if change_key:\n        return False",
    ),
    Mutant(
        "a conflict is not noted",
        "sync/judging/inbound.py",
        "        _note_conflict(db, turn, link, verdict, ours, theirs)",
        "        log.info('conflict')",
    ),
    Mutant(
        "a deletion in Outlook beats an edit made here",
        "sync/judging/inbound.py",
        "    if returning.is_ahead(meeting, now) and waits(meeting, link):\n",
        "    if False:\n",
    ),
    Mutant(
        "the list of invitees is sent as it is here",
        "sync/writing/outgoing.py",
        "kept = [one for one in listed if",
        "kept = [one for one in job.invitees if",
    ),
    Mutant(
        "a pause that Microsoft asks for is not kept",
        "sync/access.py",
        "if held.pause_until is not None and held.pause_until > now:",
        "if held.pause_until is not None and held.pause_until < now:",
    ),
    Mutant(
        "a change of one occurrence goes to its series",
        "sync/writing/occurrence.py",
        "return turn.graph.patch(step.graph_id, _fields(step, day), if_match=step.key)",
        "return turn.graph.patch(job.graph_id or '', _fields(step, day), if_match=None)",
    ),
    Mutant(
        "a series is moved before its occurrences are seen",
        "sync/writing/update.py",
        "            _see_occurrences_first(turn, job)\n            event",
        "            event",
    ),
)
