"""Settings in words: what a value is called, where it comes from, who locked it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blueprints.edge import moment
from portal import policy
from portal.configuration import domains, resolution, settings

UNITS: Mapping[str, str] = {
    "back_months": "month",
    "forward_months": "month",
    "poll_minutes": "minute",
    "grace_days": "day",
}
NOTHING: Mapping[str, str] = {"allowed_domains": "All domains", "rollout_groups": "None"}


@dataclass(frozen=True, slots=True)
class SettingWords:
    """One line of the list of what holds for a person."""

    key: str
    label: str
    value: str
    origin: str
    chosen: str  # who, when; empty for a default
    lock: str


def told(one: policy.InForce, group_names: Mapping[int, str]) -> SettingWords:
    return SettingWords(
        key=one.key,
        label=one.label,
        value=value_words(one.key, one.value, group_names),
        origin=_origin(one),
        chosen=_chosen("Set", one.set_by, one.set_at),
        lock=_lock(one),
    )


def value_words(key: str, value: Any, group_names: Mapping[int, str]) -> str:
    choice = settings.CHOICES[key]
    if isinstance(value, bool):
        return "On" if value else "Off"
    if isinstance(value, list | tuple):
        return _list(key, value, group_names)
    if value in choice.words:
        return choice.words[value]
    if key == "rollout_percent":
        return f"{value} %"
    unit = UNITS.get(key, "")
    return f"{value} {unit if value == 1 else unit + 's'}" if unit else str(value)


def _list(key: str, values: Iterable[Any], group_names: Mapping[int, str]) -> str:
    named = [
        group_names.get(one, f"group {one}") if isinstance(one, int) else domains.shown(one)
        for one in values
    ]
    return ", ".join(named) or NOTHING.get(key, "None")


def _origin(one: policy.InForce) -> str:
    if one.origin == resolution.DEFAULT:
        return "Default"
    if one.origin == resolution.ACCOUNT:
        return "The whole account"
    if one.origin == resolution.GROUP:
        return f"Group {one.group}"
    if one.origin == resolution.OWN:
        return "Their own choice"
    return "The rollout of 2.0 has not reached them"


def _lock(one: policy.InForce) -> str:
    if one.locked_in is None:
        return ""
    where = "the whole account" if one.locked_in == resolution.ACCOUNT else "the group"
    reason = f" Reason: {one.lock_reason}" if one.lock_reason else ""
    return f"{_chosen(f'Locked for {where}', one.locked_by, one.locked_at)}.{reason}"


def _chosen(what: str, by: str | None, at: datetime | None) -> str:
    return "" if at is None else f"{what} by {by or 'the operator'}, {moment(at)}"
