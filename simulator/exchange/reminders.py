"""Reminders: dismissed or put off."""

from __future__ import annotations

from simulator.directory import Person
from simulator.mailbox.item import Instance


def dismiss_reminder(person: Person, instance: Instance) -> None:
    """No more reminder; of a series only the present one, as the next occurrence has its own."""
    item = instance.item
    person.mailbox.remember(item)
    if not item.recurrence:
        item.words = {**item.words, "isReminderOn": False}
    person.mailbox.touch(item, instance.ordinal if instance.divergence else 0)


def snooze_reminder(person: Person, instance: Instance) -> None:
    """Remind again later. Nothing of an event says when, but it counts as changed."""
    person.mailbox.remember(instance.item)
    person.mailbox.touch(instance.item, instance.ordinal if instance.divergence else 0)
