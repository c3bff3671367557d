"""The audit log in sentences: who did what to whom, from what to what."""

import json
from collections.abc import Mapping
from typing import Any

from blueprints.setting_words import value_words
from portal.configuration.choices import CHOICES
from portal.operations import audit_log
from portal.operations.audit_log import Names
from portal.tables import Audit

OPERATOR, PORTAL = "The operator", "The portal"
# What an act is called in the filter, and its sentence. {whom}: the person or thing it is about.
ACTS: Mapping[str, tuple[str, str]] = {
    "setting changed": (
        "Setting changed",
        "{who} changed “{label}” for {where} from {before} to {after}.",
    ),
    "setting inherited": (
        "Setting inherited again",
        "{who} gave up “{label}” of {where}, which was {before}: the account's value holds.",
    ),
    "setting reverted": (
        "Setting reverted",
        "{who} set “{label}” for {where} back from {before} to {after}.",
    ),
    "setting locked": ("Setting locked", "{who} locked “{label}” for {where}."),
    "setting unlocked": ("Setting unlocked", "{who} unlocked “{label}” for {where}."),
    "own setting changed": (
        "Own choice of a person",
        "{who} chose “{label}” for themselves: from {before} to {after}.",
    ),
    "own setting inherited": (
        "Own choice given up",
        "{who} gave up their own choice of “{label}”, which was {before}.",
    ),
    "settings refused": (
        "Settings refused",
        "{who} wanted to change settings of {where} to what cannot be: nothing was changed.",
    ),
    "settings import refused": (
        "Settings import refused",
        "{who} showed a file of settings that cannot be imported: nothing was changed.",
    ),
    "members import refused": (
        "Rows of members refused",
        "{who} showed a file of members for {where}, of which not every row can be imported.",
    ),
    "connecting refused": (
        "Connecting refused",
        "{whom} came back from Microsoft without a connection.",
    ),
    "sign-in refused": (
        "Sign-in refused",
        "Somebody came back from a provider and was not let in.",
    ),
    "settings imported": ("Settings imported", "{who} imported settings from a file."),
    "settings exported": ("Settings exported", "{who} took the settings along as a file."),
    "people exported": (
        "List of people exported",
        "{who} took the people along as a file.",
    ),
    "audit log exported": ("Audit log exported", "{who} took the audit log along as a file."),
    "group added": ("Group added", "{who} added the group {after}."),
    "group renamed": ("Group renamed", "{who} renamed the group {before} to {after}."),
    "group removed": ("Group removed", "{who} removed the group {before}."),
    "member added": ("Member added", "{who} added {whom} to the group {after}."),
    "member removed": ("Member removed", "{who} took {whom} out of the group {after}."),
    "members imported": ("Members imported", "{who} imported people into {where} from a file."),
    "primary group chosen": (
        "Primary group chosen",
        "{who} made {after} the primary group of {whom}.",
    ),
    "person added": ("Person added", "{who} added {whom}."),
    "person disabled": ("Person disabled", "{who} disabled {whom}."),
    "person enabled": ("Person enabled", "{who} enabled {whom} again."),
    "person deleted": ("Person deleted", "{who} deleted {whom}."),
    "role changed": ("Role changed", "{who} changed the role of {whom} from {before} to {after}."),
    "last owner kept": (
        "Last owner kept",
        "{who} wanted to take the last owner away, {whom}: it was refused.",
    ),
    "person invited": ("Person invited", "{who} made an invitation: {whom}."),
    "invitation renewed": ("Invitation renewed", "{who} renewed {whom}."),
    "invitation withdrawn": ("Invitation withdrawn", "{who} withdrew {whom}."),
    "invitation accepted": ("Invitation accepted", "{who} joined by {whom}."),
    "sessions ended": ("Sessions ended", "{who} signed {whom} out everywhere."),
    "sync asked for": ("Sync asked for", "{who} asked for a sync of {whom}."),
    "owner made by the operator": (
        "Owner made by the operator",
        "{who} made {whom} an owner at the command line.",
    ),
    "temporary password issued": (
        "Temporary password issued",
        "{who} issued a temporary password to {whom}.",
    ),
    "person added at sign-in": (
        "Person added at sign-in",
        "{whom} was added by signing in with a provider.",
    ),
    "role set by a claim": (
        "Role set by a claim",
        "At a sign-in the provider's claims changed the role of {whom} from {before} to {after}.",
    ),
    "sign-in linked": ("Sign-in linked", "{who} linked a provider to sign in with."),
    "sign-in unlinked": ("Sign-in unlinked", "{who} unlinked a provider."),
    "sign-in provider added": ("Sign-in provider added", "{who} added {whom}."),
    "sign-in provider changed": ("Sign-in provider changed", "{who} changed {whom}."),
    "sign-in provider removed": ("Sign-in provider removed", "{who} removed {whom}."),
    "own password changed": ("Own password changed", "{who} changed their own password."),
    "connection paused": ("Calendar paused", "{who} paused the calendar of {whom}."),
    "connection resumed": ("Calendar resumed", "{who} let the calendar of {whom} go on."),
    "connection given notice": (
        "Notice given",
        "{who} gave notice that the calendar of {whom} will be cut off.",
    ),
    "notice taken back": ("Notice taken back", "{who} took the notice for {whom} back."),
    "connection blocked": (
        "Connection blocked",
        "{who} cut the calendar of {whom} off, by the settings.",
    ),
    "connection unblocked": (
        "Connection no longer blocked",
        "{who} let the calendar of {whom} go on: the settings allow it again.",
    ),
    "everything paused": ("Everything paused", "{who} paused every mailbox."),
    "everything resumed": ("Everything resumed", "{who} let every mailbox go on."),
    "changes held back": ("Changes held back", "{who} held back what {whom} would write."),
    "changes let go": ("Changes let go", "{who} let the changes of {whom} go."),
    "change retried": ("Change tried again", "{who} had {whom} tried again."),
    "change dropped": ("Change dropped", "{who} dropped {whom}: it is not sent."),
    "removals released": (
        "Removals released",
        "{who} let the held removals of {whom} go: the meetings are cancelled.",
    ),
    "removals put back": ("Removals put back", "{who} put held meetings of {whom} back."),
    "organisation changed": ("Organisation changed", "{who} changed the organisation."),
    "registration changed": (
        "Microsoft registration changed",
        "{who} changed the app registration at Microsoft.",
    ),
    "mail server changed": ("Mail server changed", "{who} changed the mail server."),
    "mail server removed": ("Mail server removed", "{who} stopped the sending of mail."),
    "tenant doctor asked": ("Tenant doctor asked", "{who} asked the tenant doctor."),
    "reminder sent": ("Reminder sent", "{who} reminded {whom} to connect a calendar."),
    "application authorized": (
        "Application permissions authorised",
        "{who} had the portal authorised at Microsoft for {where}.",
    ),
    "application not authorized": (
        "Application permissions not authorised",
        "{who} came back from Microsoft without the authorisation for {where}.",
    ),
    "application narrowing changed": (
        "Application permissions narrowed",
        "{who} changed how application permissions are narrowed for {where}.",
    ),
    "application probed": (
        "Application permissions tested",
        "{who} tested what the portal may reach for {where}.",
    ),
    "mailbox connected": (
        "Mailbox connected",
        "The mailbox of {whom} was connected by application permissions.",
    ),
    "another account replaced": (
        "Another account replaced",
        "{who} let the mailbox of {whom} be connected in place of another account.",
    ),
    "database restored": (
        "Database restored",
        "The portal noticed that its database had been restored from a copy.",
    ),
}
# Acts whose values are said in the sentence, or by the name of what they are about.
SAID = ("{before}", "{after}")


def called(act: str) -> str:
    """What an act is called in lists."""
    return ACTS[act][0] if act in ACTS else act[:1].upper() + act[1:]


def who(row: Audit, names: Names) -> str:
    """Nobody's acts are the operator's at the command line, or follow from somebody's sign-in."""
    if row.person_id is not None:
        return names.people[row.person_id]
    return OPERATOR if row.subject in CHOICES or "operator" in row.act else PORTAL


def sentence(row: Audit, names: Names) -> str:
    """An act without a sentence of its own is told by its name."""
    _, words = ACTS.get(row.act, ("", f"{{who}}: {row.act}, {{whom}}."))
    told = words.format(
        who=who(row, names),
        whom=whom(row, names),
        label=CHOICES[row.subject].label if row.subject in CHOICES else row.subject,
        where=where(row, names),
        before=_side(row, row.before, names),
        after=_side(row, row.after, names),
    )
    return told[:1].upper() + told[1:]


def details(row: Audit) -> list[str]:
    """What the sentence leaves out: a reason, or every part that changed."""
    if row.act in ("setting locked", "setting unlocked"):
        reason = row.after if row.act == "setting locked" else row.before
        return [f"Reason: {reason}"] if reason else []
    if isinstance(row.before, dict) and isinstance(row.after, dict):
        changed = [key for key in row.after if row.before.get(key) != row.after[key]]
        return [
            f"{_words(key)}: {plain(row.before.get(key))} → {plain(row.after[key])}"
            for key in changed
        ]
    words = ACTS.get(row.act, ("", ""))[1]
    left = [
        one for one, sign in zip((row.before, row.after), SAID, strict=True) if sign not in words
    ]
    return [said for one in left if one not in (None, {}, []) and (said := plain(one))]


def where(row: Audit, names: Names) -> str:
    if row.group_id is None:
        return "the account"
    return f"the group {names.groups.get(row.group_id, row.group_id)}"


def whom(row: Audit, names: Names) -> str:
    kind, number = audit_log.subject(row)
    if kind == "connection" and number in names.connections:
        kind, number = "person", names.connections[number]
    if kind == "person":
        return names.people.get(number, f"person {number}")
    if kind == "group" and row.group_id is not None and row.group_id in names.groups:
        return f"the group {names.groups[row.group_id]}"
    return f"{kind} {number}" if kind else f"the {row.subject}"


def value(key: str, held: Any, names: Mapping[int, str]) -> str:
    """A setting's value as its page shows it."""
    return value_words(key, held, names) if key in CHOICES and held is not None else plain(held)


def plain(held: Any) -> str:
    """Anything the log holds, as text."""
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, dict):
        return ", ".join(f"{_words(key)}: {plain(one)}" for key, one in held.items())
    if isinstance(held, list):
        return ", ".join(plain(one) for one in held)
    return "nothing" if held in (None, "") else str(held)


def raw(held: Any) -> str:
    """For a file: exactly what the log holds."""
    return "" if held is None else json.dumps(held, ensure_ascii=False, sort_keys=True)


def _side(row: Audit, held: Any, names: Names) -> str:
    if row.subject not in CHOICES:
        return plain(held)
    if held is None:
        return "what the account has" if row.group_id else "what is inherited"
    return value(row.subject, held, names.groups)


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()
