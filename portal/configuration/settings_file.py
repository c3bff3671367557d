"""Settings as a file: written from what was chosen, read back with every mistake named. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.configuration.choices import CHOICES, NotAllowed, Value, check
from portal.configuration.resolution import Levels
from portal.tables import Setting

FORMAT, VERSION = "lockstep settings", 1
LARGEST = 256 * 1024  # bytes
MOST_PROBLEMS = 50
LONGEST_REASON = 255
TOP = ("format", "version", "account", "groups")
ENTRY = ("value", "locked", "reason")
ROLLOUT_GROUPS = "rollout_groups"  # numbers here, names in the file


class Unreadable(Exception):
    """The file is none of ours. The text is a sentence for the form."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says of one setting. `reason`: of the lock, where it is locked."""

    value: Value
    locked: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Where in the file, as in "groups > Sales > back_months", and what is wrong there."""

    place: str
    words: str


@dataclass(slots=True)
class Read:
    """By key, and by the group's number and key. Only to be used where `problems` is empty."""

    account: dict[str, Entry] = field(default_factory=dict)
    groups: dict[int, dict[str, Entry]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Iterable[str], words: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(" > ".join(one[:80] for one in place), words))


def written(levels: Levels, group_names: Mapping[int, str]) -> str:
    """All of the account, and of each group what it has chosen. Where the account has locked a
    setting, groups have no say, and what they once chose is left out.
    """
    account = {
        key: _entry(levels.account.get(key), choice.default, group_names)
        for key, choice in CHOICES.items()
    }
    shut = {key for key, row in levels.account.items() if row.locked_at is not None}
    groups = {
        group_names[group_id]: {
            key: _entry(rows[key], None, group_names)
            for key in CHOICES
            if key in rows.keys() - shut
        }
        for group_id, rows in sorted(levels.groups.items())
        if group_id in group_names
    }
    told = {"format": FORMAT, "version": VERSION, "account": account, "groups": groups}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def read(data: bytes, group_ids: Mapping[str, int]) -> Read:
    """`group_ids`: by the folded name. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable("The file is larger than 256 kB; a file of settings is not.")
    found = Read()
    whole = _parsed(data, found)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise Unreadable(
            f"This is no file of settings of this portal: it has to say “format”: “{FORMAT}”."
        )
    version = whole.get("version")
    if type(version) is not int or version != VERSION:
        raise Unreadable(
            f"version: this portal reads version {VERSION} of the file, and the file says "
            f"{json.dumps(version)[:40]}. Export the settings from a portal of this version."
        )
    for name in whole.keys() - set(TOP):
        found.wrong([name], "This does not belong into a file of settings.")
    account = _object(whole.get("account", {}), ["account"], found)
    found.account = _entries(account, ["account"], found, group_ids, of_group=False)
    _groups(_object(whole.get("groups", {}), ["groups"], found), found, group_ids)
    return found


def compact(data: bytes) -> str:
    """The same in one line, for a page to bring back. Only of what `read` has read."""
    whole = json.loads(data.decode(json.detect_encoding(data)))
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _entry(
    row: Setting | None, default: Value | None, group_names: Mapping[int, str]
) -> dict[str, Any]:
    value = default if row is None else row.value
    if row is not None and row.key == ROLLOUT_GROUPS:
        value = [group_names[one] for one in row.value if one in group_names]
    told: dict[str, Any] = {"value": value}
    if row is not None and row.locked_at is not None:
        told |= {"locked": True, "reason": row.lock_reason or ""}
    return told


def _parsed(data: bytes, found: Read) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held: dict[str, Any] = {}
        for name, value in pairs:
            if name in held:
                found.wrong([name], "This stands twice in the same place of the file.")
            held[name] = value
        return held

    def no_number(said: str) -> Any:
        raise ValueError(f"{said} is not a number")

    try:
        text = data.decode(json.detect_encoding(data))
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except (ValueError, RecursionError):  # also what is no text at all
        raise Unreadable("This is not a file of settings: it cannot be read as JSON.") from None


def _groups(told: dict[str, Any], found: Read, group_ids: Mapping[str, int]) -> None:
    for name, entries in told.items():
        place = ["groups", name]
        group_id = group_ids.get(name.strip().casefold())
        if group_id is None:
            found.wrong(place, "There is no group of this name. Add it first, or mend the name.")
        elif group_id in found.groups:
            found.wrong(place, "This group stands twice in the file.")
        else:
            held = _object(entries, place, found)
            found.groups[group_id] = _entries(held, place, found, group_ids, of_group=True)
            _held_against_locks(found.groups[group_id], place, found)


def _held_against_locks(entries: dict[str, Entry], place: list[str], found: Read) -> None:
    for key in entries:
        if key in found.account and found.account[key].locked:
            found.wrong([*place, key], "The same file locks this for the whole account.")


def _entries(
    told: dict[str, Any],
    place: list[str],
    found: Read,
    group_ids: Mapping[str, int],
    *,
    of_group: bool,
) -> dict[str, Entry]:
    held = {}
    for key, entry in told.items():
        if key not in CHOICES:
            found.wrong([*place, key], "There is no such setting.")
        elif of_group and CHOICES[key].account_only:
            found.wrong([*place, key], "This is chosen for the whole account only.")
        elif one := _one(key, entry, [*place, key], found, group_ids):
            if one.locked and not _lockable(key, of_group=of_group):
                found.wrong([*place, key], "Nobody below could choose this: it cannot be locked.")
            held[key] = one
    return held


def _lockable(key: str, *, of_group: bool) -> bool:
    return not CHOICES[key].account_only and (CHOICES[key].personal or not of_group)


def _one(
    key: str, told: Any, place: list[str], found: Read, group_ids: Mapping[str, int]
) -> Entry | None:
    if not isinstance(told, dict):
        _object(told, place, found)
        return None
    entry = told
    for name in entry.keys() - set(ENTRY):
        found.wrong([*place, name], "This does not belong to a setting.")
    locked, reason = entry.get("locked", False), entry.get("reason", "")
    if type(locked) is not bool:
        found.wrong([*place, "locked"], "This has to be true or false.")
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON or not _plain(reason):
        found.wrong([*place, "reason"], "Give a reason of at most 255 characters, in one line.")
    elif reason and locked is False:
        found.wrong([*place, "reason"], "There is a reason for a lock, and no lock.")
    if "value" not in entry:
        found.wrong(place, "There is no value.")
        return None
    value = _value(key, entry["value"], [*place, "value"], found, group_ids)
    return None if value is None else Entry(value, locked is True, str(reason).strip())


def _value(
    key: str, told: Any, place: list[str], found: Read, group_ids: Mapping[str, int]
) -> Value | None:
    if key == ROLLOUT_GROUPS and isinstance(told, list):
        unknown = [one for one in told if not _is_group(one, group_ids)]
        for one in unknown:
            found.wrong(place, f"There is no group {json.dumps(one)[:80]}.")
        told = [group_ids[one.strip().casefold()] for one in told if one not in unknown]
    try:
        return check(key, told)
    except NotAllowed as error:
        found.wrong(place, f"{json.dumps(told, ensure_ascii=False)[:80]}: {error}")
    return None


def _is_group(name: Any, group_ids: Mapping[str, int]) -> bool:
    return isinstance(name, str) and name.strip().casefold() in group_ids


def _object(told: Any, place: list[str], found: Read) -> dict[str, Any]:
    if isinstance(told, dict):
        return told
    found.wrong(place, "Names with their values have to stand here, in braces.")
    return {}


def _plain(text: str) -> bool:
    return all(sign.isprintable() for sign in text)
