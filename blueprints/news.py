"""Banners: what a person, or an administrator, should know as long as it lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from blueprints import mail_problems, wording
from blueprints.edge import me, my_zone, now, reading
from portal import accounts, people
from portal.mailing import mail_settings, mail_words, mails, occasions
from portal.mailing.occasions import News

# The section about the integration says the others itself, with what one can do about them.
ON_PROFILE = (mails.REMINDER,)


@dataclass(frozen=True, slots=True)
class Banner:
    """`path` is a page of the portal, which `button` leads to; empty: nothing is to be done."""

    title: str
    text: str
    path: str
    button: str


def context_for_pages() -> dict[str, Any]:
    """Asked for by the pages that show them, and by no other."""
    return {"my_news": of_mine, "news_on_profile": on_profile, "admin_news": of_administrators}


def of_mine() -> list[Banner]:
    with reading() as db:
        found = occasions.of_person(db, me().person_id, now=now())
        return _paused(db) + _banners(db, found)


def on_profile() -> list[Banner]:
    with reading() as db:
        found = occasions.of_person(db, me().person_id, now=now())
        listed = [one for one in found if one.kind in ON_PROFILE]
        return _paused(db) + _banners(db, listed)


def of_administrators() -> list[Banner]:
    with reading() as db:
        kept = mail_settings.current(db)
        found = _paused(db) + _banners(db, occasions.of_administrators(db, now=now()))
    if kept is not None and kept.code is not None and request.endpoint != "admin.mail":
        said = f"{mail_problems.words(kept.code)} Mails wait and are tried again."
        found.append(Banner("Mails do not get through", said, "/admin/mail", "Open mail settings"))
    return found


def _paused(db: Session) -> list[Banner]:
    """Administrators find the button that ends it behind theirs."""
    since = accounts.the_account(db).paused_at
    if since is None:
        return []
    said = (
        f"Since {wording.moment(since, my_zone())} no calendar is read or written. What is changed "
        "here meanwhile waits, and nothing is lost."
    )
    title = "An administrator has paused the sync for everybody"
    if me().administers:
        return [Banner(title, said, "/admin/operations", "Open Operations")]
    return [Banner(title, f"{said} It goes on once they end the pause.", "", "")]


def _banners(db: Session, found: Iterable[News]) -> list[Banner]:
    return [_banner(db, one) for one in found]


def _banner(db: Session, one: News) -> Banner:
    asked_by = one.about.get("by")
    by = people.find(db, asked_by) if isinstance(asked_by, int) else None
    said = mail_words.words(
        one.kind, one.about, zone=my_zone(), now=now(), by=by.name if by else ""
    )
    return Banner(said.title, f"{said.what} {said.todo}", said.path, said.button)
