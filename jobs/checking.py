"""The tenant doctor at work: what can be tried at Microsoft, and what the portal knows itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from portal import accounts, audit_chain, registrations
from portal.database import Database
from portal.operations import checkups, tenant_state
from portal.operations.tenant_state import Found
from portal.tables import Checkup
from sync.access import Gate, as_registration

Step = Callable[[], Iterable[Mapping[str, Any]]]


def check(gate: Gate) -> int | None:
    """Runs the look that is due; gives how many findings it has. None: none was due."""
    database, clock = gate.database, gate.outside.clock
    with database.reading() as db:
        if not checkups.is_due(db, now=clock()):
            return None
    steps = _steps(gate)
    with database.writing() as db:
        checkup_id = checkups.begin(db, steps=len(steps), now=clock())
    if checkup_id is None:
        return None
    count = 0
    for area, step in steps:
        found = [{**one, "area": area} for one in step()]
        count += len(found)
        with database.writing() as db:
            checkups.note_step(db, checkup_id, found)
    with database.writing() as db:
        checkups.end(db, checkup_id, now=clock())
    return count


def _steps(gate: Gate) -> list[tuple[str, Step]]:
    """Each reads or asks on its own, so nothing is open while Microsoft is asked."""
    database = gate.database

    def seen_as(db: Session) -> str:
        row: Checkup | None = checkups.latest(db)
        return row.seen_as if row else ""

    return [
        ("registration", lambda: _registration(gate)),
        ("registration", _read(database, lambda db: tenant_state.expiry(db, now=_now(gate)))),
        ("clock", lambda: [asdict(gate.identity.check_clock())]),
        ("log", lambda: [_log(gate)]),
        ("consent", _read(database, tenant_state.consent)),
        ("consent", _read(database, tenant_state.application)),
        ("consent", _read(database, lambda db: tenant_state.permissions(db, _lacking(gate)))),
        ("people", _read(database, tenant_state.allowed_domains)),
        ("people", _read(database, tenant_state.mailboxes)),
        (
            "address",
            _read(
                database,
                lambda db: tenant_state.address(
                    db, seen_as=seen_as(db), graph_base=gate.graph_base
                ),
            ),
        ),
        (
            "address",
            _read(
                database,
                lambda db: tenant_state.webhooks(db, asks=gate.notices, now=_now(gate)),
            ),
        ),
    ]


def _log(gate: Gate) -> Found:
    """Whether every row of the audit log is as it was written."""
    name, checked = "Audit log", audit_chain.check(gate.database)
    if checked.broken is None:
        return tenant_state.finding(
            name, True, f"All {checked.rows} rows are as they were written."
        )
    said = (
        f"Row {checked.broken} is not as it was written, or a row before it is missing. The log is "
        f"intact until row {checked.last}. Somebody wrote to the database past the portal: compare "
        "it with a backup or with a file of the log."
    )
    return tenant_state.finding(name, False, said, who=tenant_state.OPERATOR)


def _registration(gate: Gate) -> list[Found]:
    with gate.database.reading() as db:
        kept = registrations.current(db)
        redirect = registrations.redirect_address(accounts.the_account(db))
    if kept is None:
        said = "None is kept. Enter it on the page Microsoft registration."
        return [tenant_state.finding("App registration", False, said, who=tenant_state.OPERATOR)]
    asked = as_registration(kept)
    found = [asdict(one) for one in gate.identity.check_registration(asked, redirect)]
    with gate.database.writing() as db:
        registrations.note_test(db, found, now=_now(gate))
    return found


def _read(database: Database, look: Callable[[Session], list[Found]]) -> Step:
    def step() -> list[Found]:
        with database.reading() as db:
            return look(db)

    return step


def _now(gate: Gate) -> Any:
    return gate.outside.clock()


def _lacking(gate: Gate) -> Callable[[list[str], str], tuple[str, ...]]:
    return lambda granted, access: gate.identity.lacking(
        granted, "read_write" if access == "read_write" else "read"
    )
