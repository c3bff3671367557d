"""Admin > Operations: what does not run by itself, with the buttons that help.

A section is a template and what fills it; a new one is one more line in SECTIONS.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import ending_words, meeting_repair, standstill_words
from blueprints.admin import health_sections
from blueprints.admin.room import bp
from blueprints.edge import found, me, my_zone, now, parts, reading, writing
from blueprints.notice_words import told_of_all
from portal import endings, notices
from portal.operations import standstill, stuck
from portal.tables import Change


@dataclass(frozen=True, slots=True)
class Section:
    """`load` is given the session and the moment; what it gives is known to the template."""

    template: str
    load: Callable[[Session, datetime], Mapping[str, Any]]


def _changes(db: Session, at: datetime) -> dict[str, Any]:
    failed, waiting = stuck.everywhere(db, now=at)
    return {
        "failed": [_row(one) for one in failed.shown],
        "more_failed": failed.more,
        "waiting": [_row(one) for one in waiting.shown],
        "more_waiting": waiting.more,
    }


def _told(db: Session, at: datetime) -> dict[str, Any]:
    return {"told": told_of_all(notices.summary(db, now=at))}


def _standstill(db: Session, at: datetime) -> dict[str, Any]:
    zone = my_zone()
    return {
        "unwritten": [
            {
                "person_id": one.person_id,
                "person": one.person,
                "words": standstill_words.of_mailbox(one, zone),
            }
            for one in standstill.unwritten(db, now=at)
        ],
        "frozen": _titled(standstill_words.of_frozen(one, zone) for one in standstill.frozen(db)),
        "unread": _titled(standstill_words.of_unread(one, zone) for one in standstill.unread(db)),
        "most": standstill.SHOWN,
    }


def _ended(db: Session, at: datetime) -> dict[str, Any]:
    listed, more = endings.everywhere(db)
    zone = my_zone()
    told = [{"person": one.person, "words": ending_words.of_listed(one, zone)} for one in listed]
    return {"ended": told, "more_ended": more}


def _titled(told: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"title": title, "words": words} for title, words in told]


SECTIONS: tuple[Section, ...] = (
    Section("admin/_health.html", health_sections.state_of_health),
    Section("admin/_held_mailboxes.html", health_sections.held_mailboxes),
    Section("admin/_changes.html", _changes),
    Section("admin/_standstill.html", _standstill),
    Section("admin/_ended.html", _ended),
    Section("admin/_conflicts.html", health_sections.latest_conflicts),
    Section("admin/_told.html", _told),
    Section("admin/_jobs.html", health_sections.jobs),
)


@bp.get("/operations")
def operations() -> str:
    context: dict[str, Any] = {}
    with reading() as db:
        for section in SECTIONS:
            context |= section.load(db, now())
    return render_template(
        "admin/operations.html", sections=[one.template for one in SECTIONS], **context
    )


@bp.post("/operations/retry")
def retry_change() -> Redirect:
    with writing() as db:
        stuck.retry(db, _named(db), by=me().person_id, now=now())
    parts().outside.wake()
    flash("The change is tried again now.", "success")
    return _back()


@bp.post("/operations/drop")
def drop_change() -> Redirect:
    with writing() as db:
        stuck.drop(db, _named(db), by=me().person_id, now=now())
    flash(
        "The change is not sent. The portal and Outlook may differ until the meeting is changed "
        "again.",
        "warning",
    )
    return _back()


def _named(db: Session) -> Change:
    """The change that the form names; another tab may have dealt with it."""
    number = request.form.get("change", type=int)
    fits = number is not None and 0 < number < 10**18
    return found(stuck.by_id(db, number) if fits and number else None)


def _row(one: stuck.Stuck) -> dict[str, Any]:
    """Whose it is and which meeting, by its number alone: what it is about is theirs."""
    change = one.change
    return {"title": f"{one.person}, meeting {change.meeting_id}", **meeting_repair.row(change)}


def _back() -> Redirect:
    return redirect(url_for("admin.operations"))
