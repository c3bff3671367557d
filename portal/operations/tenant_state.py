"""What the portal itself knows of its tie to Microsoft: permissions, domains, notices, mailboxes.

Every function gives findings for the tenant doctor, in the shape its checks at Microsoft have.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import accounts, application_access, connections, enrolments, notices, registrations
from portal.addresses import can_be_called, is_loopback
from portal.configuration import domains, settings
from portal.staff import groups
from portal.tables import ApplicationAccess, Connection, Person, Subscription

NAMED = 10  # people in one finding; the others are counted
SOON = 30  # days
ADMINISTRATOR, OPERATOR, PERSON = "administrator", "operator", "person"
UNREACHED = ("InvalidRequest", "ValidationError")  # Microsoft's check of the address failed
Found = dict[str, Any]


def finding(name: str, ok: bool | None, sentence: str, *, code: str = "", who: str = "") -> Found:
    """`who` ends it: a Microsoft administrator, the operator of the portal, or the person."""
    return {"name": name, "ok": ok, "sentence": sentence, "code": code, "who": who}


def expiry(db: Session, *, now: datetime) -> list[Found]:
    """Of the client secret; a certificate is read where the registration is tried."""
    row = registrations.current(db)
    if row is None or not row.client_secret:
        return []
    name = "Last day of the client secret"
    if row.expires_on is None:
        said = "Microsoft does not tell it. Enter it on the page Microsoft registration to be told."
        return [finding(name, None, said)]
    left, day = (row.expires_on - now.date()).days, f"{row.expires_on:%-d %B %Y}"
    if left < 0:
        said = f"It ended on {day}. Make a new one in Entra and enter its value here."
        return [finding(name, False, said, code="AADSTS7000222", who=ADMINISTRATOR)]
    hurry = " Make a new one soon." if left < SOON else ""
    return [
        finding(name, left >= 1, f"It ends on {day}, in {left} days.{hurry}", who=ADMINISTRATOR)
    ]


def consent(db: Session) -> list[Found]:
    """Whether Microsoft waits for an administrator, and what the portal itself may do."""
    waits = (
        select(Person.name)
        .join(Connection, isouter=True)
        .where(
            Person.disabled_at.is_(None),
            (Connection.state == connections.NEEDS_APPROVAL)
            | Person.approval_asked_at.is_not(None),
        )
    )
    names = list(db.scalars(waits.order_by(Person.name)))
    said = "Nobody waits for an administrator of Microsoft 365."
    found = [finding("Admin consent", True, said)]
    if names:
        said = f"Microsoft wants an administrator to agree first: {_named(names)}."
        found = [finding("Admin consent", False, said, code="AADSTS90094", who=ADMINISTRATOR)]
    return found


def application(db: Session) -> list[Found]:
    """What the portal itself may reach, by the last probe, and whom it did not find."""
    names = {one.id: one.name for one in groups.all_of_them(db)}
    found = [
        _probed(row, f" of group {names[row.group_id]}" if row.group_id else "")
        for row in application_access.everywhere(db).values()
    ]
    outcomes = enrolments.counts(db, None) if found else {}
    count = sum(many for one, many in outcomes.items() if one != enrolments.ENROLLED)
    if count:
        many = "1 person has" if count == 1 else f"{count} people have"
        said = f"{many} no mailbox by application permissions. Who and why stands on that page."
        found.append(finding("Mailboxes by application permissions", False, said))
    return found


def _probed(row: ApplicationAccess, whose: str) -> Found:
    name = f"Application permissions{whose}"
    if row.probed_at is None:
        said = (
            "It was not probed yet what they reach. Probe it on the page Application permissions."
        )
        return finding(name, None, said)
    wrong = [one for one in row.findings if one["ok"] is False]
    unknown = [one for one in row.findings if one["ok"] is None]
    said = " ".join([*(_failed(one) for one in wrong), *(_untold(one) for one in unknown)])
    ok = False if wrong else (None if unknown else True)
    when = f"The last probe was on {row.probed_at:%-d %B %Y}."
    code = next((one["code"] for one in wrong if one.get("code")), "")
    well = "Everything that was probed is as it must be."
    return finding(name, ok, f"{said or well} {when}", code=code, who=ADMINISTRATOR)


def _failed(one: Found) -> str:
    if one["name"] == application_access.OUTSIDER:
        return "A mailbox that must be refused was let in: the narrowing does not hold."
    return f"{one['name']} is refused in a mailbox that must be reached."


def _untold(one: Found) -> str:
    what = "the refusal" if one["name"] == application_access.OUTSIDER else one["name"]
    return f"Of {what} it could not be told."


def permissions(db: Session, lacking: Callable[[list[str], str], tuple[str, ...]]) -> list[Found]:
    """Wanted against granted, of everybody who gave their own consent. `lacking`: names of what a
    connection with that access to the calendar was not granted.
    """
    rows = db.execute(
        select(Person.name, Connection.scopes, Connection.calendar_access)
        .join(Connection, Connection.person_id == Person.id)
        .where(Connection.mode == connections.OAUTH, _is_live())
        .order_by(Person.name)
    ).all()
    missing: dict[str, list[str]] = {}
    for name, granted, access in rows:
        for permission in lacking(granted, access):
            missing.setdefault(permission, []).append(name)
    if not missing:
        return [finding("Permissions people gave", True, _all_well(len(rows), "granted all of it"))]
    return [
        finding(
            f"Permission {permission}",
            False,
            f"Not granted by {_named(names)}. Each connects again and accepts it; where Microsoft "
            "does not offer it, an administrator adds it to the app registration.",
            code="AADSTS65001",
            who=ADMINISTRATOR,
        )
        for permission, names in missing.items()
    ]


def allowed_domains(db: Session) -> list[Found]:
    row = settings.of_account(db).get("allowed_domains")
    allowed: list[str] = list(row.value) if row is not None else []
    name = "Allowed domains"
    if not allowed:
        return [finding(name, True, "Every domain may connect.")]
    live = select(Connection).where(_is_live())
    outside = [
        one.username
        for one in db.scalars(live)
        if not domains.admits(allowed, [one.username, one.mailbox_address])
    ]
    listed = ", ".join(domains.shown(one) for one in allowed[:NAMED])
    if not outside:
        return [finding(name, True, f"{listed}. Every connected mailbox is within them.")]
    many = "1 connected mailbox is" if len(outside) == 1 else f"{len(outside)} mailboxes are"
    said = f"{listed}. {many} outside of them and will be cut off."
    return [finding(name, False, said, who=PERSON)]


def address(db: Session, *, seen_as: str, graph_base: str) -> list[Found]:
    """The public address: its form, what the browser of whoever asked saw, who can call it."""
    public = accounts.the_account(db).public_address
    parts, found = urlsplit(public), []
    secure = parts.scheme == "https" or is_loopback(parts.hostname or "")
    said = f"{public} {'is' if secure else 'is not'} https, which Microsoft asks for."
    if secure and parts.scheme != "https":
        said = f"{public} is this machine itself: people elsewhere cannot reach it."
    found.append(finding("Public address", secure, said, who=OPERATOR))
    if seen_as and seen_as.rstrip("/") != public:
        said = (
            f"This page was opened as {seen_as.rstrip('/')}, and {public} is kept. Behind a proxy, "
            "TRUSTED_PROXIES may be missing; else change it on the page Organisation."
        )
        found.append(finding("Address in use", False, said, who=OPERATOR))
    if not can_be_called(public, by=graph_base):
        said = "Microsoft cannot call it, so changes are found by looking every few minutes."
        found.append(finding("Notices of changes", None, said))
    return found


def webhooks(db: Session, *, asks: bool, now: datetime) -> list[Found]:
    """Microsoft checks the address before it promises to tell, so a promise is a proof."""
    name, told = "Notices of changes", notices.summary(db, now=now)
    if not asks:
        return [finding(name, None, "NOTICES is off: Microsoft is not asked to tell of changes.")]
    if not told.asked:
        return [finding(name, None, "Microsoft was not asked to tell of changes yet.")]
    if told.code is not None and told.told < told.asked:
        why = f"Microsoft refused to tell of {told.asked - told.told} of {told.asked} mailboxes."
        if told.code in UNREACHED:
            why += " It could not reach the public address: open POST /hooks/graph to the internet."
        return [finding(name, False, why, code=told.code, who=OPERATOR)]
    heard = db.scalar(select(func.max(Subscription.heard_at)))
    when = f"The last notice came on {heard:%-d %B %Y, %H:%M} UTC." if heard else "None came yet."
    said = f"Microsoft reached the address and tells of {told.told} of {told.mailboxes} mailboxes. "
    return [finding(name, True, said + when)]


def mailboxes(db: Session) -> list[Found]:
    """Per person: none, refused, or only after an approval."""
    rows = db.execute(
        select(Person.name, Connection.state, Connection.cause, Connection.cause_kind)
        .join(Connection, Connection.person_id == Person.id)
        .where(_is_live(), Connection.cause.is_not(None))
        .order_by(Person.name)
    ).all()
    by_cause: dict[tuple[str, str], list[str]] = {}
    for name, _state, cause, kind in rows:
        by_cause.setdefault((cause or "", kind or ""), []).append(name)
    live = db.scalar(select(func.count(Connection.id)).where(_is_live())) or 0
    if not by_cause:
        return [finding("Mailboxes", True, _all_well(live, "opened by Microsoft"))]
    return [
        {**finding("Mailbox", False, f"{_named(names)}.", code=cause), "kind": kind}
        for (cause, kind), names in by_cause.items()
    ]


def _all_well(count: int, what: str) -> str:
    return f"{count} connected, each {what}." if count else "Nobody is connected yet."


def _is_live() -> Any:
    return Connection.state != connections.DISCONNECTED


def _named(names: list[str]) -> str:
    counted = Counter(names)
    shown = list(counted)[:NAMED]
    more = len(counted) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
