"""Writing the open extensions of an event, at addresses of their own."""

from __future__ import annotations

from typing import Any

from simulator.mailbox.extended import already_there, read_extension, short_name, values_in
from simulator.mailbox.item import Instance
from simulator.mailbox.store import Mailbox
from simulator.mailbox.writing import check_writable, own_divergence
from simulator.refused import item_not_found, not_simulated

Values = dict[str, Any]


def find(instance: Instance, name: str) -> tuple[str, Values]:
    """The extension of this name or id; refused when there is none."""
    known = short_name(name)
    if known not in instance.extensions:
        raise item_not_found()
    return known, instance.extensions[known]


def add(mailbox: Mailbox, instance: Instance, wire: Values) -> tuple[str, Values]:
    """A new extension; its name must be new to the event."""
    name, values = read_extension(wire)
    if name in instance.extensions:
        raise already_there()
    _keep(mailbox, instance, {**_own(instance), name: values})
    return name, values


def change(mailbox: Mailbox, instance: Instance, name: str, wire: Values) -> tuple[str, Values]:
    """Values that are named change, and those that are null go."""
    known, before = find(instance, name)
    values = {key: one for key, one in {**before, **values_in(wire)}.items() if one is not None}
    _keep(mailbox, instance, {**_own(instance), known: values})
    return known, values


def remove(mailbox: Mailbox, instance: Instance, name: str) -> None:
    """Take an extension away."""
    known, _ = find(instance, name)
    own = _own(instance)
    if known not in own:
        raise not_simulated("taking an extension of the series away from one occurrence")
    _keep(mailbox, instance, {each: one for each, one in own.items() if each != known})


def _own(instance: Instance) -> dict[str, Values]:
    if not instance.ordinal:
        return instance.item.extensions
    return instance.divergence.extensions if instance.divergence else {}


def _keep(mailbox: Mailbox, instance: Instance, extensions: dict[str, Values]) -> None:
    item, ordinal = instance.item, instance.ordinal
    check_writable(mailbox, mailbox.calendars[item.calendar])
    if ordinal:
        item.exceptions[ordinal] = own_divergence(mailbox, instance)
        item.exceptions[ordinal].extensions = extensions
    else:
        item.extensions = extensions
    # Change tracking does not tell of extensions, and yet the change key is another.
    mailbox.restamp(item, ordinal)
