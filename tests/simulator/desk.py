"""Callers of the simulator: Graph with a person's token, Entra with a browser."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.registration import CLIENT_ID, CLIENT_SECRET, REDIRECT_URIS
from simulator.world import World

SCOPES = ("User.Read", "MailboxSettings.Read", "Calendars.ReadWrite")
MARK = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name lockstepMeeting"
IMMUTABLE = 'IdType="ImmutableId"'
NOVEMBER = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2026-12-01T00:00:00Z"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in November 2026, UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def timed(day: int, hour: int, zone: str = "UTC", hours: int = 1) -> dict[str, Any]:
    """Start and end of a request body, in November 2026."""
    return {
        "start": {"dateTime": f"2026-11-{day:02}T{hour:02}:00:00", "timeZone": zone},
        "end": {"dateTime": f"2026-11-{day:02}T{hour + hours:02}:00:00", "timeZone": zone},
    }


def weekly(day: int, *days: str, **span: Any) -> dict[str, Any]:
    """A weekly recurrence from a day of November 2026 on."""
    kind = "endDate" if "endDate" in span else "numbered" if span else "noEnd"
    return {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": list(days)},
        "range": {"type": kind, "startDate": f"2026-11-{day:02}", **span},
    }


class Graph:
    """Graph as one person's application sees it."""

    def __init__(self, client: FlaskClient, world: World, who: str = "alice") -> None:
        self.client, self.world = client, world
        self.sign_in(who)

    def sign_in(self, who: str, *scopes: str) -> None:
        """Use a fresh token of this person with these scopes."""
        person = self.world.person(who)
        token, _ = self.world.grants.issue_access(
            person.id, person.tenant.id, CLIENT_ID, frozenset(scopes or SCOPES)
        )
        self.headers = {"Authorization": f"Bearer {token}", "Prefer": IMMUTABLE}

    def as_app(self, *roles: str) -> None:
        """Use an application's own token with these roles."""
        tenant = self.world.person("alice").tenant.id
        token, _ = self.world.grants.issue_access(None, tenant, CLIENT_ID, frozenset(roles))
        self.headers = {"Authorization": f"Bearer {token}", "Prefer": IMMUTABLE}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Any call; a path or a whole link."""
        address = path if path.startswith("http") else f"/v1.0{path}"
        sent = {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return self.client.open(address, method=method, json=body, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        """The body of a successful GET."""
        response = self.call("GET", path, **headers)
        assert response.status_code == 200, response.text
        return response.json

    def create(self, body: dict[str, Any], calendar: str = "/me") -> Any:
        """The event a POST makes."""
        response = self.call("POST", f"{calendar}/events", body)
        assert response.status_code == 201, response.text
        return response.json

    def error(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Status and code of a refusal."""
        response = self.call(method, path, body, **headers)
        assert response.status_code >= 400, response.text
        return response.status_code, response.json["error"]["code"]  # type: ignore[index]

    def round(self, link: str, size: int = 50) -> tuple[list[Any], str]:
        """All entries of a delta round and its deltaLink."""
        entries: list[Any] = []
        prefer = f"{IMMUTABLE}, odata.maxpagesize={size}"
        while True:
            page = self.get(link, Prefer=prefer)
            entries += page["value"]
            if "@odata.deltaLink" in page:
                return entries, page["@odata.deltaLink"]
            link = page["@odata.nextLink"]

    def first_round(self, span: str = NOVEMBER, size: int = 50) -> tuple[list[Any], str]:
        """Everything in a window, and the deltaLink."""
        return self.round(f"/me/calendarView/delta?{span}", size)


class SignIn:
    """Entra as a browser and an application see it."""

    redirect_uri = REDIRECT_URIS[0]

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client, self.world = client, world

    def address(self, tenant: str | None = "organizations", **changed: str | None) -> str:
        """An authorize address; a parameter changed to None is left out."""
        query = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile email offline_access User.Read Calendars.ReadWrite",
            "state": "the state",
            "nonce": "the nonce",
            **changed,
        }
        kept = {name: text for name, text in query.items() if text is not None}
        return f"/{tenant}/oauth2/v2.0/authorize?{urlencode(kept)}"

    def press(self, address: str, who: str, decision: str | None = None) -> TestResponse:
        """Pick a person, or decide on the page that follows."""
        form = {"person": self.world.person(who).id}
        if decision:
            form["decision"] = decision
        return self.client.post(address, data=form)

    def code(self, who: str = "alice", **changed: str | None) -> str:
        """The code that comes back once somebody has accepted."""
        answer = self.press(self.address(**changed), who, "accept")
        return self.returned(answer)["code"]

    @staticmethod
    def returned(response: TestResponse) -> dict[str, str]:
        """The parameters of a redirect back to the application, behind ? or #."""
        assert response.status_code == 302, response.text
        parts = urlsplit(response.headers["Location"])
        query = parse_qs(parts.fragment or parts.query)
        return {name: values[0] for name, values in query.items()}

    def token(self, tenant: str = "organizations", **form: str) -> TestResponse:
        """POST to the token endpoint, as the registered application."""
        known = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return self.client.post(f"/{tenant}/oauth2/v2.0/token", data={**known, **form})

    def redeem(self, code: str, **form: str) -> TestResponse:
        """Exchange a code."""
        sent = {"code": code, "redirect_uri": self.redirect_uri, **form}
        return self.token(grant_type="authorization_code", **sent)

    def refused(self, response: TestResponse) -> tuple[int, str, int]:
        """Status, OAuth error and AADSTS number of a refusal."""
        body = response.json or {}
        number = body["error_codes"][0]
        assert re.match(rf"AADSTS{number}: ", body["error_description"])
        return response.status_code, body["error"], number
