"""What the pages of settings share: which page of which level, its addresses, what it shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import url_for
from sqlalchemy.orm import Session

from blueprints import state_words
from blueprints.admin.acts_table import ACTS, acts_for
from blueprints.admin.room import bp
from blueprints.admin.settings_table import DATA_SYNC, INTEGRATIONS, TITLES, Shown, shown_on
from blueprints.edge import found
from blueprints.setting_words import value_words
from portal import overrides, policy, registrations
from portal.configuration.settings import Level
from portal.policy import ACCOUNT, GROUP, InForce
from portal.staff import groups

View = TypeVar("View", bound=Callable[..., Any])
# Endpoint -> its address and page. One set of views stands behind all four.
PLACES: Mapping[str, tuple[str, str]] = {
    "account_settings": ("/account-settings", INTEGRATIONS),
    "data_sync": ("/account-settings/data-sync", DATA_SYNC),
    "group_integrations": ("/groups/<int:group_id>/integrations", INTEGRATIONS),
    "group_data_sync": ("/groups/<int:group_id>/data-sync", DATA_SYNC),
}
NAMED = 3  # groups that choose otherwise, before it says how many more there are


@dataclass(frozen=True, slots=True)
class Place:
    """One page of settings of the account, or of a group."""

    page: str
    group_id: int | None = None
    group: str = ""

    @property
    def level(self) -> Level:
        return Level(group_id=self.group_id)

    @property
    def title(self) -> str:
        return TITLES[self.page]

    @property
    def rows(self) -> tuple[Shown, ...]:
        return shown_on(self.page, for_group=self.group_id is not None)

    def url(self, *below: str, page: str | None = None) -> str:
        """Of this page, of one of its acts, or of the same level's other page."""
        return "/".join((_address(page or self.page, self.group_id), *below))

    def url_of_group(self, group_id: int) -> str:
        return _address(self.page, group_id)

    def held(self, db: Session) -> dict[str, InForce]:
        if self.group_id is None:
            return policy.of_account(db)
        return policy.of_group(db, self.group_id)


def everywhere(
    name: str, below: str = "", *, pages: tuple[str, ...] = tuple(TITLES), **options: Any
) -> Callable[[View], View]:
    """Registers a view on every page of settings; it is given `page` and, or None, `group_id`."""

    def register(view: View) -> View:
        for endpoint, (address, page) in PLACES.items():
            if page not in pages:
                continue
            given = {"page": page} | ({} if "group_id" in address else {"group_id": None})
            end = f"{endpoint}_{name}" if name else endpoint
            bp.add_url_rule(address + below, end, view, defaults=given, **options)
        return view

    return register


def place_of(db: Session, page: str, group_id: int | None) -> Place:
    """404 where there is no such group."""
    if group_id is None:
        return Place(page)
    return Place(page, group_id, found(groups.find(db, group_id)).name)


def context(db: Session, place: Place, held: Mapping[str, InForce]) -> dict[str, Any]:
    """What a page of settings shows beside its form."""
    for_group = place.group_id is not None
    if for_group:
        account = policy.of_account(db)
        below = overrides.of_group(db, place.group_id or 0)
    else:
        account, below = {}, overrides.of_account(db)
    return {
        "place": place,
        "rows": [
            {"shown": row, **_state(held[row.key], for_group=for_group)}
            | {"below": _below(below.get(row.key), row)}
            | {"above": _above(account.get(row.key))}
            | {"acts": _links(place, held[row.key], for_group=for_group)}
            for row in place.rows
        ],
        "registration": registrations.current(db),
    }


def _address(page: str, group_id: int | None) -> str:
    wanted = (page, group_id is not None)
    for endpoint, (address, of) in PLACES.items():
        if (of, "group_id" in address) == wanted:
            return url_for(f"admin.{endpoint}", group_id=group_id)
    raise LookupError(page)


def _state(one: InForce, *, for_group: bool) -> dict[str, Any]:
    """`state`: inherited or overridden (of a group), set or default; `lock`: above or here."""
    lock = None
    if one.locked_in is not None:
        lock = "above" if for_group and one.locked_in == ACCOUNT else "here"
    is_own = one.origin == (GROUP if for_group else ACCOUNT)
    return {
        "held": one,
        "origin": state_words.origin(one),
        "is_own": is_own,
        "lock": lock,
        "lock_words": state_words.lock(one),
    }


def _links(place: Place, one: InForce, *, for_group: bool) -> list[dict[str, str]]:
    return [
        {"name": name, "words": ACTS[name].link, "url": place.url(one.key, name)}
        for name in acts_for(one, for_group=for_group)
    ]


def _above(one: InForce | None) -> str:
    return "" if one is None else value_words(one.key, one.value, {})


def _below(one: overrides.Overrides | None, row: Shown) -> dict[str, Any] | None:
    if one is None or not (one.groups or (one.people and row.choice.personal)):
        return None
    return {
        "groups": one.groups[:NAMED],
        "more": max(len(one.groups) - NAMED, 0),
        "people": one.people if row.choice.personal else 0,
    }
