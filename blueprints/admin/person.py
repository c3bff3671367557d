"""A person: who they are, how their connection stands, what holds for them, what the sync did."""

from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from blueprints import coverage_words, notice_words, people_words, setting_words, timeline_words
from blueprints.admin.new_people import roles_to_give
from blueprints.admin.room import bp
from blueprints.admin.touching import outranks
from blueprints.edge import found, me, my_zone, now, reading
from blueprints.people_words import MEANINGS
from portal import outbox, people, policy, subscriptions, waits
from portal.signing_in import sessions
from portal.staff import groups, people_list, person_acts, person_log
from portal.tables import Connection, Person

ACCESS = {"read": "Read", "read_write": "Read and write"}


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> str:
    with reading() as db:
        whom = found(people.find(db, person_id))
        [line] = people_list.lines_of(db, [whom.id], now=now())
        shown = people_words.told(line, my_zone()) | {
            "meaning": MEANINGS.get(line.state, ""),
            "groups": groups.of_person(db, whom.id),
            "sessions": len(sessions.live_of(db, whom.id, now=now())),
            "may": _may(db, whom, line.connection),
            "details": _details(db, whom, line.connection),
            "settings": _settings(db, whom.id),
            "log": timeline_words.told_of(person_log.of_person(db, whom.id), my_zone()),
        }
        return render_template("admin/person.html", whom=whom, roles=roles_to_give(), **shown)


def _may(db: Session, whom: Person, connection: Connection | None) -> dict[str, bool]:
    """Which buttons there are: none that would only be refused."""
    itself, touches = whom.id == me().person_id, outranks(whom)
    return {
        "itself": itself,
        "touch": touches,
        "change": touches and not itself,
        "look": person_acts.can_look(db, whom, connection),
        "remind": person_acts.can_be_reminded(db, whom),
    }


def _details(db: Session, whom: Person, connection: Connection | None) -> dict[str, Any]:
    """Of a connection that was not ended."""
    if connection is None or connection.state == "disconnected":
        return {}
    chosen = policy.of(db, whom.id)
    read, there = person_acts.read_calendars(connection)
    return {
        "account": connection.username,
        "access": ACCESS.get(connection.calendar_access, connection.calendar_access),
        "coverage": coverage_words.span(chosen),
        "calendars": f"{read} of {there}",
        "connected_at": connection.connected_at,
        "failures": connection.failures,
        "due_at": connection.due_at,
        "waiting": len(outbox.waiting_of(db, connection.id)),
        "held_back": waits.why(db, connection, now=now()) is not None,
        "told": notice_words.told_words(
            subscriptions.of_connection(db, connection.id),
            minutes=chosen.poll_minutes,
            now=now(),
            zone=my_zone(),
        ),
    }


def _settings(db: Session, person_id: int) -> list[setting_words.SettingWords]:
    names = {group.id: group.name for group in groups.all_of_them(db)}
    return [setting_words.told(one, names) for one in policy.explain(db, person_id).values()]
