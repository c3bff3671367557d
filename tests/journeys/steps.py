"""What people do in the portal, click by click."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys.programs import Site
from tests.journeys.someone import Someone


@dataclass(frozen=True, slots=True)
class Plans:
    """A meeting as somebody has it in mind, in the zone of the portal and of the mailbox."""

    title: str
    day: date
    start: str
    end: str
    invited: str = ""

    def at(self, start: str, end: str) -> Plans:
        return replace(self, start=start, end=end)

    def called(self, title: str) -> Plans:
        return replace(self, title=title)


def tomorrow(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date() + timedelta(days=1)


def sign_in(who: Someone, address: str, password: str) -> None:
    who.goes_to("/sign-in")
    who.fills(address=address, password=password)
    who.presses("Sign in")


def see_that_the_integration_is_off(who: Someone) -> None:
    who.chooses_in_menu("Profile")
    who.sees("The integration with Microsoft 365 is switched off for this portal.")
    expect(who.page.get_by_role("link", name="Configure Calendar")).to_have_count(0)


def switch_the_integration_on(who: Someone) -> None:
    who.chooses_in_menu("Admin")
    who.follows("Account Settings", inside=who.page.get_by_label("Account management"))
    for place in ("Account Management", "Account Settings", "Mail & Calendar", "Integrations"):
        expect(who.page.get_by_label("Breadcrumb")).to_contain_text(place)
    switch = who.page.get_by_role("switch")
    switch.click()
    who.looks()
    dialog = who.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    expect(switch).not_to_be_checked()
    switch.click()
    dialog.get_by_role("button", name="Enable").click()
    expect(who.page.locator("input[value=office365]")).to_be_checked()
    expect(switch).to_be_checked()
    who.looks()


def connect_the_calendar(who: Someone, name: str) -> None:
    who.chooses_in_menu("Profile")
    who.follows("Configure Calendar and Contacts Service")
    who.page.locator("input[value=office365]").check()
    who.presses("Next")
    who.sees_heading("What you allow")
    who.page.get_by_role("radio", name="See and change my calendar").check()
    who.presses("Continue to Microsoft")
    who.sees_heading("Pick an account")
    who.leaves_by(who.page.get_by_role("button", name=name).click)
    who.sees_heading("Permissions requested")
    who.presses("Accept")
    who.sees("is connected. Your events are being read now.")


def watch_the_first_sync(who: Someone) -> None:
    """The bar moves, then makes room by itself."""
    expect(who.page.get_by_role("progressbar")).to_be_visible()
    slow_microsoft_down(who.site, milliseconds=0)
    expect(who.page.get_by_role("progressbar")).to_have_count(0)
    who.sees("Your calendar and this portal are kept in step.")
    who.looks()


def slow_microsoft_down(site: Site, *, milliseconds: int) -> None:
    """Each answer takes that much longer, as answers from afar do."""
    urllib.request.urlopen(  # noqa: S310 - our own address
        urllib.request.Request(  # noqa: S310
            f"{site.microsoft}/_control/latency",
            data=json.dumps({"ms": milliseconds}).encode(),
            headers={"Content-Type": "application/json"},
        )
    ).close()


def look_through_the_calendar(who: Someone) -> None:
    """The month, the next one, the agenda, and one event that came from Outlook."""
    who.chooses_in_menu("Calendar")
    expect(who.page.locator(".chip:visible").first).to_be_visible()
    who.follows("Later")
    expect(who.page.locator(".chip:visible").first).to_be_visible()
    who.follows("Today")
    who.follows("Agenda")
    from_outlook = who.page.locator(".agenda-item:not(.is-meeting)").get_by_role("link").first
    title = from_outlook.inner_text().strip()
    who.leaves_by(from_outlook.click)
    who.sees_heading(title)
    expect(who.page.get_by_role("definition").first).to_be_visible()


def schedule(who: Someone, plans: Plans) -> None:
    """Ends on the meeting's page, once Outlook has it."""
    who.chooses_in_menu("Calendar")
    who.follows("Schedule")
    who.fills(title=plans.title, day=plans.day.isoformat(), start=plans.start, end=plans.end)
    who.fills(invitees=plans.invited)
    who.page.get_by_role("checkbox", name="Add a join link").check()
    who.presses("Schedule")
    who.sees_heading(plans.title)
    see_in_step(who, plans)
    expect(who.page.get_by_role("link", name="Join", exact=True)).to_be_visible()


def see_in_step(who: Someone, plans: Plans) -> None:
    """On the meeting's page, which freshens itself."""
    expect(who.page.locator("#outlook")).to_contain_text("In step")
    expect(who.page.locator("#details")).to_contain_text(f"{plans.start} – {plans.end}")
    who.looks()


def find_in_the_agenda(who: Someone, plans: Plans) -> None:
    who.chooses_in_menu("Calendar")
    who.follows("Agenda")
    day = who.page.locator(f"#day-{plans.day}")
    entry = day.locator(".agenda-item", has=who.page.get_by_role("link", name=plans.title))
    expect(entry).to_contain_text(plans.start)


def sync_now(who: Someone) -> None:
    who.goes_to("/profile")
    who.presses("Sync now")
    who.sees("The portal is looking at your calendar now.")


def rename_the_meeting(who: Someone, plans: Plans) -> None:
    """From the meeting's page, and back to it once Outlook has the new title."""
    who.follows("Edit")
    who.fills(title=plans.title)
    who.presses("Save")
    who.sees("Saved.")
    who.sees_heading(plans.title)
    see_in_step(who, plans)


def cancel_the_meeting(who: Someone) -> None:
    """From the meeting's page, by way of the dialog that says who gets mail."""
    who.page.get_by_role("button", name="Cancel meeting").click()
    who.looks()
    who.presses("Cancel meeting", inside=who.page.get_by_role("dialog"))
    who.loads_again_until(who.page.get_by_text("It was cancelled here."))


def see_it_cancelled_by_outlook(who: Someone, plans: Plans) -> None:
    who.chooses_in_menu("Meetings")
    who.leaves_by(who.page.get_by_role("link", name="Past and cancelled").click)
    who.loads_again_until(who.page.get_by_role("link", name=plans.title))
    who.follows(plans.title)
    who.sees("It was cancelled or deleted in Outlook.")


def disconnect(who: Someone) -> None:
    who.chooses_in_menu("Profile")
    who.follows("Disconnect")
    who.presses("Disconnect")
    who.sees_heading("is disconnected")
    who.follows("Back to the profile")
    who.sees("Your calendar is disconnected")


def sign_out(who: Someone) -> None:
    who.page.locator("details.menu > summary").click()
    who.looks()
    who.leaves_by(who.page.get_by_role("button", name="Sign out").click)
    who.sees_heading("Sign in")
