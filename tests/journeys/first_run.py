"""What an owner does before anybody can connect: setting up, registering, adding people."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect

from simulator import registration
from tests.journeys.someone import Someone


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the portal, as they sign in."""

    name: str
    address: str
    password: str


def set_up_the_portal(who: Someone, owner: Account, *, zone: str) -> None:
    who.goes_to("/")
    who.sees_heading("Welcome to Lockstep")
    who.fills(token=who.site.token)
    who.presses("Continue")
    who.sees_heading("Your portal")
    expect(who.page.locator("#public_address")).to_have_value(who.site.portal)
    who.fills(organisation="Contoso", zone=zone, name=owner.name, address=owner.address)
    who.fills(password=owner.password, repeated=owner.password)
    who.presses("Continue")


def register_at_microsoft(who: Someone) -> None:
    who.sees_heading("Microsoft 365")
    callback = f"{who.site.portal}/connect/microsoft/callback"
    expect(who.page.get_by_label("Redirect address", exact=True)).to_have_value(callback)
    who.fills(tenant=registration.CONTOSO, client_id=registration.CLIENT_ID)
    who.fills(secret=registration.CLIENT_SECRET)
    who.page.get_by_role("button", name="Test the connection").click()
    findings = who.page.locator("#findings").get_by_role("listitem")
    expect(findings.first).to_be_visible()
    expect(findings.filter(has=who.page.get_by_role("img", name="Failed"))).to_have_count(0)
    who.looks()
    who.presses("Save")
    who.sees_heading("Integrations")


def add_a_person(who: Someone, name: str, address: str) -> Account:
    """Answers with the temporary password the page shows."""
    who.chooses_in_menu("Admin")
    who.follows("User Management")
    who.follows("Add with a password")
    who.fills(name=name, address=address)
    who.presses("Add the person")
    who.sees_heading(f"{name} can sign in")
    password = who.page.locator("#temporary-password").input_value()
    who.follows("Done")
    who.sees(address)
    return Account(name, address, password)


def choose_a_password(who: Someone, account: Account, password: str) -> None:
    who.sees_heading("Choose your own password")
    who.fills(present=account.password, password=password, repeated=password)
    who.presses("Change password")
    who.sees("Your password is changed.")
