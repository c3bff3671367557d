"""What a portal in use holds beside its people: rows of all that administrators are shown.

Every tenth person is in the same trouble, so twenty people have all of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.tables import (
    ApplicationAccess,
    Audit,
    Calendar,
    Change,
    Checkup,
    Conflict,
    Connection,
    Enrolment,
    Event,
    Group,
    HeldEvent,
    Invitation,
    Invitee,
    JobRun,
    Link,
    Meeting,
    OutgoingMail,
    Person,
    SessionRow,
    SignInProvider,
    Subscription,
    Table,
    Window,
)
from tests.calendar_make import WORDLESS

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KINDS = ("create", "update", "cancel")
QUARTERS = range(-2, 7)
ACTS = (
    ("setting changed", "back_months", 1, 2),
    ("group member added", "person {n}", None, None),
    ("mailbox connected", "connection {n}", None, {"mode": "oauth"}),
)


def standing(now: datetime) -> tuple[dict[str, Any], ...]:
    """How the connections of every tenth are."""
    return (
        {},
        {"state": "held", "held_at": now - HOUR},
        {"only_reads": True, "only_reads_why": "reconnect", "only_reads_since": now - 2 * DAY},
        {"paused_by": "person", "paused_at": now - DAY},
        {"cut_off_at": now + DAY, "cut_off_why": "domain"},
        {"state": "blocked", "cut_off_at": now - DAY, "cut_off_why": "switched_off"},
        {"dry_run": True},
        {"state": "disconnected"},
        {"good_at": now - DAY, "failures": 9, "cause": "timeout", "cause_kind": "busy"},
        {"mode": "application", "state": "connected"},
    )


def gather(db: Session, person_ids: Sequence[int], *, log: int, now: datetime) -> None:
    """For people who were hired; `log`: entries in the audit log for each."""
    for n, values in enumerate(standing(now)):
        if values:
            mine = Connection.person_id.in_(person_ids[n::10])
            db.execute(update(Connection).where(mine).values(values))
    found = select(Connection.person_id, Calendar.id, Connection.id).join(Calendar)
    rows = db.execute(found.where(Connection.person_id.in_(person_ids)).order_by(Calendar.id)).all()
    _windows(db, [row[1] for row in rows], now)
    for kind in KINDS:
        _meetings(db, [(row[0], row[1]) for row in rows], kind, now)
    _put(db, HeldEvent, [_unread(row[1], now) for row in rows[::10]])
    _put(db, Subscription, [_told(row[2], now) for row in rows[::2]])
    _put(db, SessionRow, [_session(one, now) for one in person_ids])
    _put(db, Enrolment, [_enrolment(n, one, now) for n, one in enumerate(person_ids)])
    _put(db, OutgoingMail, [_mail(n, one, now) for n, one in enumerate(person_ids)])
    _put(db, Invitation, [_invitation(one, person_ids[0], now) for one in person_ids])
    entries = (_entry(n, one, now) for n in range(log) for one in person_ids)
    _put(db, Audit, list(entries))
    asked = {"approval_asked_at": now - DAY}
    db.execute(update(Person).where(Person.id.in_(person_ids[7::10])).values(asked))


def found_organisation(db: Session, *, by: int, now: datetime) -> None:
    """What there is once, however many people there are; groups are there already."""
    group_ids = list(db.scalars(select(Group.id).order_by(Group.id).limit(1)))
    _put(db, SignInProvider, [_provider(name, now) for name in ("One", "Two")])
    _put(db, ApplicationAccess, [_access(one, by, now) for one in (None, *group_ids)])
    run = {"began_at": now - HOUR, "ended_at": now, "outcome": "ok", "count": 1}
    _put(db, JobRun, [run | {"name": name} for name in ("rounds", "mail", "doctor")])
    ended = {"asked_at": now, "asked_by": by, "seen_as": "", "began_at": now, "ended_at": now}
    _put(db, Checkup, [ended | {"findings": []}])


def _put(db: Session, table: type[Table], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)


def _windows(db: Session, calendar_ids: Sequence[int], now: datetime) -> None:
    """Those of two years; one in twenty calendars has a part that cannot be read."""
    db.execute(update(Calendar).where(Calendar.id.in_(calendar_ids[4::20])).values(held_code="x"))
    rows = []
    for n, calendar_id in enumerate(calendar_ids):
        for quarter in QUARTERS:
            start = now + 91 * quarter * DAY + HOUR
            span = {"starts_at": start, "ends_at": start + 91 * DAY, "due_at": now + HOUR}
            read = {"filled_at": now, "looked_at": now, "cursor": "a link of delta " * 40}
            plain = {"in_round": False, "filling": False, "round_number": 1, "pages": 0}
            held = {"held_code": "timeout" if n % 20 == 3 and quarter == 0 else None}
            more = {"calendar_id": calendar_id, "touched": [], **held}
            rows.append(span | read | plain | more)
    _put(db, Window, rows)


def _meetings(db: Session, places: Sequence[tuple[int, int]], kind: str, now: datetime) -> None:
    """One for each, with an event, guests and a change that waits; some are in trouble."""
    meetings = [_meeting(n, person, kind, now) for n, (person, _) in enumerate(places)]
    made = db.scalars(insert(Meeting).returning(Meeting.id, sort_by_parameter_order=True), meetings)
    numbered = list(enumerate(zip(made.all(), places, strict=True)))
    guests = [{"name": name, "address": f"{name}@contoso.example"} for name in ("one", "two")]
    invited = [
        {"meeting_id": one, "response": "none", **guest}
        for _, (one, _) in numbered
        for guest in guests
    ]
    _put(db, Invitee, invited)
    _put(db, Link, [_link(n, one, place[1], now) for n, (one, place) in numbered])
    changes = [_change(n, one, place[1], kind, now) for n, (one, place) in numbered]
    _put(db, Change, changes)
    _put(db, Conflict, [_conflict(one, now) for _, (one, _) in numbered[::5]])
    event = {"kind": "single", "seen_in": 1, "is_cancelled": False, "all_day": False}
    at = {"starts_at": now, "ends_at": now + HOUR, "home_id": None}
    events = (WORDLESS | event | at | {"calendar_id": place[1]} for _, (_, place) in numbered)
    _put(db, Event, [one | {"graph_id": f"{kind} {n}"} for n, one in enumerate(events)])


def _meeting(n: int, person_id: int, kind: str, now: datetime) -> dict[str, Any]:
    times = {"starts_at": now + n * HOUR, "ends_at": now + (n + 1) * HOUR, "created_at": now}
    words = {"title": "Choir", "zone": "Europe/Berlin", "location": "", "description": ""}
    bare = {
        "join_url": None,
        "recurrence": None,
        "changed_at": now,
        "last_ends_at": now + 999 * DAY,
    }
    return {"key": f"{kind} {person_id}", "person_id": person_id, **times, **words, **bare}


def _link(n: int, meeting_id: int, calendar_id: int, now: datetime) -> dict[str, Any]:
    trouble = {"frozen_at": now if n % 20 == 2 else None, "gone_at": now if n % 10 == 1 else None}
    base = {"ours": {"title": "Band", "location": "", "description": "", "all_day": False}}
    tie = {"meeting_id": meeting_id, "calendar_id": calendar_id, "graph_id": f"event {meeting_id}"}
    return tie | trouble | {"base": base, "change_key": "1", "former_keys": [], "agreed_at": now}


def _change(n: int, meeting_id: int, calendar_id: int, kind: str, now: datetime) -> dict[str, Any]:
    """Most wait; of some the last try was refused, for now or for good."""
    refused, failed = n % 10 == 4, n % 10 == 5
    end = {"done_at": now if failed else None, "outcome": "failed" if failed else None}
    code = {"code": "forbidden" if refused or failed else None, "attempts": 1}
    at = {"created_at": now - 2 * HOUR, "due_at": now, "transaction_id": "t", "made_by": None}
    what = {"meeting_id": meeting_id, "calendar_id": calendar_id, "kind": kind}
    return what | at | end | code | {"intent": {"invite": [], "uninvite": []}}


def _conflict(meeting_id: int, now: datetime) -> dict[str, Any]:
    sides = {"fields": ["title"], "ours": {"title": "A"}, "theirs": {"title": "B"}}
    return {"meeting_id": meeting_id, "found_at": now, "winner": "outlook", **sides}


def _unread(calendar_id: int, now: datetime) -> dict[str, Any]:
    return {"calendar_id": calendar_id, "graph_id": "e", "code": "x", "since": now, "ask_at": now}


def _told(connection_id: int, now: datetime) -> dict[str, Any]:
    until = {"renew_at": now + DAY, "expires_at": now + DAY}
    return {"connection_id": connection_id, "client_state": "s", "address": "https://x"} | until


def _session(person_id: int, now: datetime) -> dict[str, Any]:
    seen = {"created_at": now, "seen_at": now, "browser": "Tests", "origin": "127.0.0.1"}
    return {"person_id": person_id, "token_hash": f"session {person_id}", **seen}


def _enrolment(n: int, person_id: int, now: datetime) -> dict[str, Any]:
    outcome = ("enrolled", "not_found", "ambiguous", "other_account")[n % 4]
    looked = {"looked_at": now, "look_at": now + HOUR, "address": None, "code": None}
    return {"person_id": person_id, "outcome": outcome, **looked}


def _mail(n: int, person_id: int, now: datetime) -> dict[str, Any]:
    sent = {"sent_at": now if n % 3 else None, "due_at": None if n % 3 else now}
    what = {"kind": "consent_lost", "about": {}, "once": f"mail {person_id}", "created_at": now}
    return {"person_id": person_id, "code": None if n % 3 else "refused", **what, **sent}


def _invitation(n: int, by: int, now: datetime) -> dict[str, Any]:
    whom = {"address": f"guest{n}@contoso.example", "name": f"Guest {n}", "role": "member"}
    until = {"made_by": by, "made_at": now, "expires_at": now + DAY}
    return {"token_hash": f"invitation {n}", "group_id": 1, **whom, **until}


def _entry(n: int, person_id: int, now: datetime) -> dict[str, Any]:
    act, subject, before, after = ACTS[n % len(ACTS)]
    about = {"act": act, "subject": subject.format(n=person_id), "group_id": 1 if n % 2 else None}
    about |= {"at": now, "person_id": person_id, "hash": str(n)}
    return {"before": before, "after": after, **about}


def _provider(name: str, now: datetime) -> dict[str, Any]:
    who = {"kind": "oidc", "name": name, "issuer": f"https://{name}.example", "client_id": "c"}
    rules = {"allowed_domains": [], "allowed_tenants": [], "role_claim": "", "roles": {}}
    more = {"group_claim": "groups", "groups": {"all": 1}, "changed_at": now}
    return who | rules | more | {"enabled": True, "creates_people": True}


def _access(group_id: int | None, by: int, now: datetime) -> dict[str, Any]:
    narrow = {"narrowing": "none", "mail_group": "", "reached": "", "refused": "", "findings": []}
    who = {"group_id": group_id, "tenant_id": "tenant", "authorized_by": by, "authorized_at": now}
    return who | narrow
