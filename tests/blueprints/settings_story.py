"""Words for stories about settings: a group with Alice in it, and values to choose."""

from collections.abc import Callable
from typing import Any

from blueprints.admin.settings_table import ELSEWHERE, PAGES, SWITCH
from blueprints.edge import EXTENSION
from portal import people, policy
from portal.configuration.choices import CHOICES, Choice
from portal.policy import InForce
from portal.staff import groups
from tests.browse import Browser
from tests.conftest import Portal
from tests.page import Page
from tests.rules import watched

KEYS = [key for key in CHOICES if key not in ELSEWHERE]
BELOW = [key for key in KEYS if not CHOICES[key].account_only]
PLACES = {
    "integrations": "/admin/account-settings",
    "data_sync": "/admin/account-settings/data-sync",
}
CONTROLS = {row.key: row.control for rows in PAGES.values() for row in rows}
PAGE_OF = {row.key: page for page, rows in PAGES.items() for row in rows}


def group_of_alice(portal: Portal, alice: Browser, carol: Browser) -> int:
    """Sales, whose only member Alice is."""
    by, now = carol.person_id or 0, portal.clock()
    with portal.writing() as db:
        group = groups.add(db, "Sales", by=by, now=now)
        groups.join(db, group, people.by_id(db, alice.person_id or 0), by=by, now=now)
        return group.id


def address(key: str, group_id: int | None = None) -> str:
    if group_id is None:
        return PLACES[PAGE_OF[key]]
    return f"/admin/groups/{group_id}/{PAGE_OF[key].replace('_', '-')}"


def others(choice: Choice) -> list[Any]:
    """Values it can have beside its default."""
    if choice.key == "allowed_domains":
        return [["contoso.example"], ["contoso.example", "fabrikam.example"]]
    found = [one for one in choice.allowed if one != choice.default]
    return list(dict.fromkeys([*found[:1], *found[-1:]]))


def entered(value: Any) -> str | None:
    """As the form sends it; None: a box without its tick."""
    if isinstance(value, bool):
        return "on" if value else None
    return "\n".join(value) if isinstance(value, list) else str(value)


def choose(who: Browser, key: str, value: Any, group_id: int | None = None) -> Page:
    """Through the page, with both presses where what it does is shown first."""
    page = who.get(address(key, group_id))
    if CONTROLS[key] == SWITCH:
        return act(who, key, "enable" if value else "disable", group_id)
    page = who.submit(page, "Save", **{key: entered(value)})
    return who.submit(page, "Save") if _asks(page) else page


def act(who: Browser, key: str, name: str, group_id: int | None = None, **fields: str) -> Page:
    """Opens what asks about it, and agrees."""
    asked = who.get(f"{address(key, group_id)}/{key}/{name}")
    buttons = {"enable": "Enable", "disable": "Disable", "lock": "Lock", "unlock": "Unlock"}
    return who.submit(
        asked, buttons.get(name, "Inherit again" if name == "inherit" else "Keep it"), **fields
    )


def _asks(page: Page) -> bool:
    return page.status == 200 and bool(page.all("input", name="seen"))


def in_force(portal: Portal, who: Browser, key: str) -> InForce:
    with portal.reading() as db:
        return policy.explain(db, who.person_id or 0)[key]


def row(page: Page, key: str) -> str:
    """All that the page says of that setting."""
    return page.texts("div", id=f"{key}-row")[0]


def shut(page: Page, key: str) -> bool:
    """Whether its controls are there and none of them can be used."""
    name = "enabled-switch" if CONTROLS[key] == SWITCH else key
    controls = [e for e in page.all() if e.get("name") == name]
    return bool(controls) and all(e.get("disabled") is not None for e in controls)


def statements(portal: Portal, who: Browser, look: Callable[[], Page]) -> int:
    """How many the answer takes, seen once before."""
    look()
    database = portal.app.extensions[EXTENSION].database
    with watched(database._readers) as seen:
        assert look().status == 200
    return len(seen)
