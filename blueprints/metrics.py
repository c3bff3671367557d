"""/metrics: the portal's counts as Prometheus reads them, for whoever has the token."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hmac import compare_digest

from flask import Blueprint, Response, abort, current_app, request

from blueprints.edge import now, parts, reading
from portal import leases, notices
from portal.mailing import mails
from portal.operations import health, job_runs

bp = Blueprint("metrics", __name__)
TOKEN = "METRICS_TOKEN"  # noqa: S105 - the name of a setting
KIND = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[Mapping[str, str], float]


@bp.get("/metrics")
def show() -> Response:
    """Without a token, or with a wrong one, the address is not there."""
    expected: str = current_app.config[TOKEN]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not expected or not compare_digest(given.encode(), expected.encode()):
        abort(404)
    return Response("".join(_lines()), content_type=KIND)


def _lines() -> Iterable[str]:
    at = now()
    with reading() as db:
        states, rounds = health.by_state(db, now=at), health.rounds(db, now=at)
        changes, told = health.changes(db, now=at), notices.summary(db, now=at)
        ran, mail = job_runs.everything(db), mails.count_waiting(db)
        tick = leases.last_tick(db)
    yield from _gauge("info", "The running version.", [({"version": parts().version}, 1)])
    counted = [({"state": state}, count) for state, count in sorted(states.items())]
    yield from _gauge("connections", "People by the state of their connection.", counted)
    yield from _one("rounds_under_way", "Mailboxes being worked on.", rounds.under_way)
    yield from _one("mailboxes_late", "Mailboxes due for over a minute.", rounds.late)
    yield from _one("mailboxes_read_minute", "Good rounds in a minute.", rounds.in_minute)
    yield from _one("last_good_round_seconds", "When it ended.", _seconds(rounds.last))
    yield from _one("changes_waiting", "Changes on their way to Outlook.", changes.waiting)
    yield from _one("changes_refused", "Changes that Microsoft refused.", changes.refused)
    yield from _one("oldest_change_seconds", "Since when it waits.", _seconds(changes.oldest))
    yield from _one("mailboxes_notified", "Mailboxes Microsoft tells of.", told.told)
    yield from _one("mails_waiting", "Mails not sent yet.", mail)
    yield from _one("dispatcher_tick_seconds", "Its last sign of life.", _seconds(tick))
    ended = [({"job": row.name}, _seconds(row.ended_at)) for row in ran]
    yield from _gauge("job_ended_seconds", "When each job ended last.", ended)
    broke = [({"job": row.name}, float(row.outcome == job_runs.FAILED)) for row in ran]
    yield from _gauge("job_broke", "Whether its last run broke.", broke)


def _one(name: str, text: str, value: float) -> Iterable[str]:
    return _gauge(name, text, [({}, value)])


def _gauge(name: str, text: str, samples: Iterable[Sample]) -> Iterable[str]:
    yield f"# HELP lockstep_{name} {text}\n# TYPE lockstep_{name} gauge\n"
    for labels, value in samples:
        told = ",".join(f'{label}="{said}"' for label, said in labels.items())
        yield f"lockstep_{name}{f'{{{told}}}' if told else ''} {value:.15g}\n"


def _seconds(at: datetime | None) -> float:
    """Since 1970, as Prometheus has times; 0 where there is none."""
    return 0 if at is None else at.timestamp()
