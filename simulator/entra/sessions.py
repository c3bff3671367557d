"""Who is signed in in which browser: sessions that live on this side, and the cookie for them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from flask import Response, request

from simulator.directory import Person

COOKIE = "simulated_entra"
KEPT = timedelta(days=90)
JOINT = "~"
MOST_IN_A_BROWSER = 12


@dataclass(slots=True)
class Session:
    """Somebody signed in: when, whether with a second factor, and to which applications."""

    sid: str
    person: str  # object id
    since: datetime
    strong: bool = False
    apps: list[str] = field(default_factory=list)


class Sessions:
    """Every session there is. Callers hold the world's lock."""

    def __init__(self, now: Callable[[], datetime], seed: int) -> None:
        self._now = now
        self._ids = random.Random(f"{seed}/sessions")
        self._held: dict[str, Session] = {}

    def find(self, sid: str) -> Session | None:
        """The session of this id, unless it ended."""
        return self._held.get(sid)

    def begin(self, person: Person) -> Session:
        """A new session of somebody who just signed in."""
        sid = str(UUID(int=self._ids.getrandbits(128), version=4))
        session = Session(sid, person.id, self._now())
        self._held[session.sid] = session
        return session

    def end(self, session: Session) -> None:
        """Sign out of this browser. Refresh tokens stay alive."""
        self._held.pop(session.sid, None)

    def end_all(self, person: str) -> None:
        """Sign the person out everywhere."""
        self._held = {sid: one for sid, one in self._held.items() if one.person != person}


class Browser:
    """The sessions of the browser that asks, the newest last."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._told = request.cookies.get(COOKIE, "").split(JOINT)[:MOST_IN_A_BROWSER]
        found = [sessions.find(sid) for sid in self._told]
        self.sessions = [each for each in found if each is not None]

    def of(self, person: Person) -> Session | None:
        """The person's session in this browser."""
        return next((each for each in self.sessions if each.person == person.id), None)

    def sign_in(self, person: Person) -> Session:
        """Begin a new session here, in the place of an older one of the same person."""
        older = self.of(person)
        if older is not None:
            self.sign_out(older)
        session = self._sessions.begin(person)
        self.sessions.append(session)
        return session

    def sign_out(self, session: Session) -> None:
        """End one session of this browser."""
        self._sessions.end(session)
        self.sessions.remove(session)

    def stamp(self, response: Response, *, stay: bool = False) -> Response:
        """Tell the browser its sessions; `stay`: beyond its closing."""
        held = [each.sid for each in self.sessions]
        if held != [sid for sid in self._told if sid]:
            response.set_cookie(
                COOKIE, JOINT.join(held), max_age=KEPT if stay else None,
                httponly=True, samesite="Lax",
            )  # fmt: skip
        return response
