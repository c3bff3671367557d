"""Every address of the portal, from the committed list, for what must hold of all of them."""

import re
from dataclasses import dataclass
from pathlib import Path

LISTED = Path(__file__).parent / "house" / "routes.txt"
# One act on one setting that is open on each page of settings.
ASKED = {
    "admin.account_settings": {"key": "enabled", "act": "lock"},
    "admin.data_sync": {"key": "bidirectional", "act": "lock"},
    "admin.group_integrations": {"key": "enabled", "act": "keep"},
    "admin.group_data_sync": {"key": "bidirectional", "act": "keep"},
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the list: `/meetings/<int:meeting_id> GET meetings.show`."""

    address: str
    methods: tuple[str, ...]
    endpoint: str

    def __str__(self) -> str:
        return f"{'/'.join(self.methods)} {self.address}"

    @property
    def room(self) -> str:
        return self.endpoint.partition(".")[0]

    @property
    def arguments(self) -> list[str]:
        return ARGUMENT.findall(self.address)

    def filled(self, **ids: object) -> str:
        """The address with these in place of its arguments; 1 for the others."""
        known = ASKED.get(self.endpoint.rpartition("_")[0], {}) | ids
        return ARGUMENT.sub(lambda found: str(known.get(found[1], 1)), self.address)


def every_route(method: str | None = None) -> list[Route]:
    """All of the portal's own, or those that take this method; files of the look are not asked."""
    lines = (line.split() for line in LISTED.read_text(encoding="utf-8").splitlines())
    routes = [Route(address, tuple(methods.split(",")), end) for address, methods, end in lines]
    return [
        route
        for route in routes
        if route.endpoint != "static" and (method is None or method in route.methods)
    ]
