"""What people do in Outlook, on the simulated Outlook's pages."""

from __future__ import annotations

import json
import urllib.request
from datetime import date

from playwright.sync_api import Locator, expect

from tests.journeys.someone import Someone
from tests.journeys.steps import Plans


def see(who: Someone, mailbox: str, plans: Plans) -> None:
    expect(_entry(who, mailbox, plans)).to_contain_text(f"{plans.start}–{plans.end}")


def see_the_invitation_mailed(who: Someone, plans: Plans) -> None:
    """Among the mails Exchange would have sent."""
    with urllib.request.urlopen(f"{who.site.microsoft}/_control/mails") as answer:  # noqa: S310 - ours
        mails = json.load(answer)
    found = [
        mail for mail in mails if mail["subject"] == plans.title and mail["kind"] == "invitation"
    ]
    assert any(plans.invited in mail["to"] for mail in found), mails


def see_nothing_of(who: Someone, mailbox: str, plans: Plans) -> None:
    expect(_entry(who, mailbox, plans)).to_have_count(0)


def move(who: Someone, mailbox: str, plans: Plans, *, to: Plans) -> None:
    """By the form of the event."""
    who.leaves_by(_entry(who, mailbox, plans).get_by_role("link").click)
    who.fills(start=f"{to.day}T{to.start}", end=f"{to.day}T{to.end}")
    who.presses("Save")
    see(who, mailbox, to)


def delete(who: Someone, mailbox: str, plans: Plans) -> None:
    who.leaves_by(_entry(who, mailbox, plans).get_by_role("link").click)
    who.presses("Delete")
    see_nothing_of(who, mailbox, plans)


def _entry(who: Someone, mailbox: str, plans: Plans) -> Locator:
    """The event in the week of its day."""
    day = _day(who, mailbox, plans.day)
    return day.get_by_role("listitem").filter(has_text=plans.title)


def _day(who: Someone, mailbox: str, day: date) -> Locator:
    if who.page.get_by_role("heading", level=1, name=mailbox).count():
        who.follows("This week")
    else:
        who.goes_to(f"{who.site.microsoft}/outlook")
        who.leaves_by(who.page.get_by_role("link", name=mailbox).click)
    shown = who.page.locator(f"section[aria-labelledby='day-{day}']")
    if shown.count() == 0:
        who.follows("Next week")
    expect(shown).to_be_visible()
    return shown
