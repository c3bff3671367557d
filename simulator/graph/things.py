"""What may be asked about one type of Graph: for lists, filters, orders and expansions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.refused import Refused, not_simulated

# text: compared without case    exact: ids and names of an enumeration
# moment: a datetime, written bare    wall: UTC seconds, written in quotes as in `start/dateTime`
# members: a collection, asked with any()
Holds = Literal["text", "exact", "moment", "wall", "flag", "number", "members"]
Test = Callable[[Any], bool]
Expand = Callable[[Any, Any, dict[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """One property a filter or an order may name, and how to read it from a thing.

    `members` are the fields of each member of a collection; the name "" is the member itself.
    """

    read: Callable[[Any], Any]
    holds: Holds = "text"
    members: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Things:
    """One type: its name, all its properties, and those that are simulated in queries.

    `fields` are named by their path (`start/dateTime`). An expansion gets the call, the thing and
    its nested options (`{"$filter": ...}`) and answers the keys to add. `search` makes a test of
    the text of `$search`.
    """

    type: str
    properties: frozenset[str]
    fields: Mapping[str, Field]
    expansions: Mapping[str, Expand] = field(default_factory=dict)
    search: Callable[[str], Test] | None = None

    def field(self, path: str, option: str) -> Field:
        """The field of this path; 400 when the type has no such property, else 501."""
        if path in self.fields:
            return self.fields[path]
        # Microsoft's own pages write Extensions/any(...) and Start/DateTime, too.
        spelled = next((each for each in self.fields if each.lower() == path.lower()), None)
        if spelled is None:
            self.check(path)
            raise not_simulated(f"{option} by {path} of {self.type}")
        return self.fields[spelled]

    def expansion(self, name: str) -> Expand:
        """What `$expand` of this name does; refused like an unknown field."""
        if name not in self.expansions:
            self.check(name)
            raise not_simulated(f"$expand={name} of {self.type}")
        return self.expansions[name]

    def check(self, path: str) -> None:
        """Refuse a property that the type does not have."""
        if path.partition("/")[0] not in self.properties:
            raise Refused(
                400,
                "RequestBroker--ParseUri",
                f"Could not find a property named '{path}' on type '{self.type}'.",
            )


def by_path(path: str, holds: Holds = "text", members: Mapping[str, Field] | None = None) -> Field:
    """A field of plain dictionaries: `by_path("emailAddress/address")`."""
    keys = path.split("/") if path else []

    def read(thing: Any) -> Any:
        for key in keys:
            thing = thing.get(key) if isinstance(thing, dict) else None
        return thing

    return Field(read, holds, members or {})
