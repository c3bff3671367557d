"""Alice's desk with an open door: Microsoft calls the portal's hooks, as over the network."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

import app as program
from blueprints.edge import EXTENSION
from portal.tables import Notice, Subscription
from sync.live import Inbox
from sync.notices.subscribe import NOTICES
from tests.cast import PORTAL
from tests.sync.desk import WHO, Desk
from tests.sync.tap import Sent

DELTA = "calendarView/delta"


class Told:
    """The desk, the portal's hooks, and the post between them and Microsoft."""

    def __init__(self, desk: Desk, pages: Flask) -> None:
        self.desk = desk
        given = desk.given.model_copy(update={"notices": "on"})
        desk.gate = replace(desk.gate, notices=True)
        self.app = pages
        program.furnish(self.app, desk.shelf.second, given, desk.outside)
        self.inbox: Inbox = self.app.extensions[EXTENSION].inbox
        self._client = self.app.test_client()
        self.answers: list[int] = []
        desk.world.post = self.post
        desk.world.turn("notices.extra_updates", 0)  # one change, one notice

    def post(self, url: str, content_type: str, body: bytes) -> tuple[int, str, bytes]:
        """What Microsoft sends through."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == PORTAL
        answer = self._client.post(
            parts.path,
            query_string=parts.query,
            data=body,
            content_type=content_type,
            base_url=PORTAL,
        )
        self.answers.append(answer.status_code)
        return answer.status_code, answer.headers.get("Content-Type", ""), answer.data

    def say(self, subscription: str, secret: str, event_ids: list[str]) -> None:
        """One POST of Microsoft's about these events."""
        head = {"subscriptionId": subscription, "clientState": secret, "changeType": "updated"}
        told = [head | {"resourceData": {"id": event_id}} for event_id in event_ids]
        body = json.dumps({"value": told}).encode()
        self.post(PORTAL + NOTICES, "application/json", body)

    def subscribe(self) -> None:
        """A round makes the subscription, and what it makes due is looked at."""
        self.desk.look()
        self.desk.tap.clear()

    def deliver(self) -> int:
        """What waits at Microsoft arrives and is written down; how many items it was."""
        sent = self.desk.world.notices.deliver_due()
        self.inbox.drain()
        return sent

    def follow(self, **later: float) -> None:
        """Notices arrive, and what is due is looked at. No time passes unless it is said."""
        self.desk.advance(**(later or {"seconds": 0}))
        self.deliver()
        self.desk.rest()

    def come_to_rest(self) -> None:
        """The last follow-up is over, and nothing is left to look at."""
        for _ in range(4):
            self.follow(seconds=35)

    @property
    def at_microsoft(self) -> list[Any]:
        found: list[Any] = self.desk.world.notices.of(WHO)
        return found

    @property
    def here(self) -> Subscription | None:
        rows: list[Subscription] = self.desk.rows(Subscription)
        return rows[0] if rows else None

    @property
    def notices(self) -> list[Notice]:
        found: list[Notice] = self.desk.rows(Notice)
        return found

    @property
    def writes(self) -> list[Sent]:
        """What was written into the mailbox; a subscription is none of its contents."""
        return [one for one in self.desk.tap.writes if one.path.startswith("/v1.0/me/")]

    @property
    def looks(self) -> int:
        """How often a window was looked at since the tap was cleared."""
        return sum(DELTA in one.path for one in self.desk.tap.graph)

    @property
    def asked_by_id(self) -> list[str]:
        return [one.path for one in self.desk.tap.graph if one.path.startswith("/v1.0/me/events/")]
