"""An application that receives notifications, and asks for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

from simulator.world import World
from tests import wire
from tests.simulator.desk import Graph

HOOK = "https://app.example/hook"
LIFE = "https://app.example/life"


def plain(token: str) -> Response:
    """The right answer to the check of an address."""
    return Response(token, 200, mimetype="text/plain")


class Receiver:
    """A small Flask application behind both addresses. It answers 202 unless told otherwise."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[dict[str, Any]]]] = []
        self.tokens: list[str] = []
        self.status = 202
        self.echo: Callable[[str], Response] = plain
        self.unreachable: Exception | None = None
        app = Flask(__name__)
        app.add_url_rule("/<path:where>", view_func=self._take, methods=["POST"])
        self._client = app.test_client()

    def _take(self, where: str) -> Response:
        token = request.args.get("validationToken")
        if token is not None:
            self.tokens.append(token)
            return self.echo(token)
        body = request.get_json()
        wire.check_type("changeNotificationCollection", body)
        self.got.append((where, body["value"]))
        return Response(status=self.status)

    def post(self, url: str, content_type: str, body: bytes) -> tuple[int, str, bytes]:
        """What the world sends through."""
        if self.unreachable:
            raise self.unreachable
        parts = urlsplit(url)
        answer = self._client.post(
            parts.path, query_string=parts.query, data=body, content_type=content_type
        )
        return answer.status_code, answer.headers.get("Content-Type", ""), answer.data

    @property
    def notes(self) -> list[dict[str, Any]]:
        """Every notification and notice, in order, and no longer here once read."""
        found = [each for _, value in self.got for each in value]
        self.got.clear()
        return found

    def changes(self) -> list[str]:
        """The kinds of change that were told."""
        return [each.get("changeType", each.get("lifecycleEvent")) for each in self.notes]


class Desk:
    """Subscribes as one person's application does, and lets notifications arrive."""

    def __init__(self, graph: Graph, world: World, receiver: Receiver) -> None:
        self.graph, self.world, self.receiver = graph, world, receiver

    def wish(self, **changed: Any) -> dict[str, Any]:
        """The body of a request for a subscription; what is changed to None is left out."""
        expires = self.world.now() + timedelta(hours=48)
        body = {
            "changeType": "created,updated,deleted",
            "notificationUrl": HOOK,
            "lifecycleNotificationUrl": LIFE,
            "resource": "me/events",
            "expirationDateTime": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
            "clientState": "the secret",
            **changed,
        }
        return {name: value for name, value in body.items() if value is not None}

    def subscribe(self, **changed: Any) -> Any:
        """The subscription that Graph answers."""
        response = self.graph.call("POST", "/subscriptions", self.wish(**changed))
        assert response.status_code == 201, response.text
        return response.json

    def refused(self, **changed: Any) -> tuple[int, str]:
        """Status and code of a refusal."""
        return self.graph.error("POST", "/subscriptions", self.wish(**changed))

    def arrived(self) -> list[str]:
        """The kinds of what arrives now."""
        self.world.notices.deliver_due()
        return self.receiver.changes()

    def notes(self) -> list[dict[str, Any]]:
        """What arrives now."""
        self.world.notices.deliver_due()
        return self.receiver.notes
