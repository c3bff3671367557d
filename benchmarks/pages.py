"""The pages of administration: every address of the route map, and what else is asked of them."""

from dataclasses import dataclass

from tests.every_route import every_route

BUDGET = 0.200
WHAT_IF = 1.0  # for all 2,000 people before and after
FILES = (".csv", "/export")  # as long as what they hold
ROOMS = ("admin", "admin_live", "setup_microsoft")
LEADS_ON = ("admin.authorized",)  # from Microsoft, to the page that says what came of it
GROUP = 17
INTEGRATIONS = {
    "service": "office365",
    "authorize_with": "graph",
    "setup_by": "oauth",
    "calendar_permission": "read_write",
    "contacts_permission": "off",
    "allowed_domains": "",
    "sso_prompt": "never",
    "grace_days": "7",
}
DATA_SYNC = {
    "bidirectional": "on",
    "sync_version": "2.0",
    "back_months": "6",
    "forward_months": "18",
    "conflict_rule": "outlook",
    "poll_minutes": "5",
}
WHAT_IFS = (
    INTEGRATIONS | {"allowed_domains": "fabrikam.example"},
    INTEGRATIONS | {"calendar_permission": "read"},
    INTEGRATIONS | {"calendar_permission": "off"},
    DATA_SYNC | {"sync_version": "1.0"},
    DATA_SYNC | {"forward_months": "3"},
)
ROLLOUTS = ({"rollout": "percent", "rollout_percent": "50"}, {"rollout": "nobody"})
SEARCHES = (
    "/admin/people?page=9999",
    "/admin/people?words=17",
    "/admin/people?state=needs_consent",
    "/admin/people?sort=state&version=2.0",
    f"/admin/people?group={GROUP}",
    "/admin/rollout?q=person",
    "/admin/groups?q=team&page=3",
    f"/admin/groups/{GROUP}?q=person&add=person",
    "/admin/audit?person=person",
    "/admin/audit?act=setting+changed&group=1",
    "/admin/audit?before=9000",
    "/admin/application/people?page=9999",
    "/admin/writing?page=9999",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One page; where a form is sent, `form` fills it in. `name`: what it is called, if not by its
    address; `budget` None: a file.
    """

    address: str
    form: dict[str, str] | None = None
    budget: float | None = BUDGET
    name: str = ""


def of_route_map(person_id: int, entry_id: int) -> list[Asked]:
    """Every address that is read, of this person and this entry of the audit log."""
    ids = {"person_id": person_id, "entry_id": entry_id, "group_id": GROUP}
    found = [
        one for one in every_route("GET") if one.room in ROOMS and one.endpoint not in LEADS_ON
    ]
    return [_page(one.filled(**ids)) for one in found]


def searched() -> list[Asked]:
    return [_page(one) for one in SEARCHES]


def before_saving() -> list[Asked]:
    """What a change would do, told while it is chosen."""
    found = []
    for values in WHAT_IFS:
        room = "" if "allowed_domains" in values else "/data-sync"
        address = f"/admin/account-settings{room}/effect"
        changed = dict(values.items() - (DATA_SYNC | INTEGRATIONS).items())
        found.append(Asked(address, values, WHAT_IF, f"what if {_words(changed)}"))
    found += [Asked("/admin/rollout/effect", one, WHAT_IF, _words(one)) for one in ROLLOUTS]
    return found


def only_shown() -> list[Asked]:
    """While nobody's changes are written."""
    pages = ("/admin/writing", "/admin/operations")
    return [Asked(one, name=f"{one}, only shown for everybody") for one in pages]


def _page(address: str) -> Asked:
    if address.partition("?")[0].endswith(FILES):
        return Asked(address, budget=None)
    asks = address.endswith(("/lock", "/keep", "/remove", "/revert"))  # with what it would do
    return Asked(address, budget=WHAT_IF if asks else BUDGET)


def _words(values: dict[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in values.items())
