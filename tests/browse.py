"""A browser for tests: fetches pages, reads them, and checks every one of them on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from blueprints.edge import EXTENSION
from portal.database import Database
from portal.tables import Connection, Registration, SignInProvider
from tests.page import Page, read
from tests.rules import check_answer, check_get, check_page, watched

MOST_REDIRECTS = 5
Form = Mapping[str, Any]


class Browser:
    """One browser with its cookies. Follows redirects within the portal, as any would."""

    def __init__(self, app: Flask, address: str, *, person_id: int | None = None) -> None:
        self.app, self.address, self.person_id = app, address, person_id
        self.client: FlaskClient = app.test_client()
        self._token: str | None = None

    def get(self, path: str, *, follow: bool = True, htmx: bool = False, **headers: str) -> Page:
        return self._open("GET", path, None, follow=follow, htmx=htmx, headers=headers)

    def post(
        self,
        path: str,
        form: Form | None = None,
        *,
        follow: bool = True,
        htmx: bool = False,
        **headers: str,
    ) -> Page:
        """Sends a form with the session's CSRF token, fetched first where no page was seen yet."""
        if self._token is None:
            self.get("/profile" if self.person_id else "/sign-in")
        fields = MultiDict(form or {})
        fields.setdefault("csrf_token", self._token)
        return self._open("POST", path, fields, follow=follow, htmx=htmx, headers=headers)

    def submit(self, page: Page, button: str, *, follow: bool = True, **fields: Any) -> Page:
        """Presses the button of that text, with the form as the page shows it but for `fields`.

        A field given as None is left out, as an unticked box is.
        """
        form = page.form_of(button)
        entered = form.fields
        for name, value in fields.items():
            assert name in form.names, f"the form has no field {name}: {sorted(form.names)}"
            entered.poplist(name)
            if value is not None:
                entered.setlist(name, value if isinstance(value, list) else [value])
        target = urljoin(page.address, form.action)
        method = form.method
        headers = {"htmx": form.htmx}
        return self._open(method, target, entered, follow=follow, headers={}, **headers)

    def follow(self, page: Page, link: str) -> Page:
        """Follows the link of that text."""
        return self.get(urljoin(page.address, page.link(link)))

    def _open(
        self,
        method: str,
        path: str,
        form: MultiDict[str, Any] | None,
        *,
        follow: bool,
        htmx: bool,
        headers: dict[str, str],
    ) -> Page:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if htmx:
            sent["HX-Request"] = "true"
        for _ in range(MOST_REDIRECTS):
            sends: dict[str, Any] = {"query_string" if method == "GET" else "data": form}
            with watched(self._database.write_engine) as written:
                answer = self.client.open(
                    path, method=method, base_url=self.address, headers=sent, **sends
                )
            if method == "GET":
                check_get(self.app, answer, written)
            answer.request.environ["wsgi.input"].close()  # a file that was sent lies on the disk
            page = self._read(answer, fragment=htmx)
            if not (follow and page.redirects_within(self.address)):
                return page
            method, form, path = "GET", None, urljoin(page.address, page.location or "")
        raise AssertionError(f"more than {MOST_REDIRECTS} redirects, at last to {path}")

    def _read(self, answer: TestResponse, *, fragment: bool) -> Page:
        check_answer(answer, secrets=self._secrets())
        page = read(answer, fragment=fragment)
        if page.is_html and page.tree is not None:
            check_page(page)
            self._token = page.csrf_token or self._token
        return page

    @property
    def _database(self) -> Database:
        database: Database = self.app.extensions[EXTENSION].database
        return database

    def _secrets(self) -> list[str]:
        """Everything sealed at this moment: none of it belongs into an answer."""
        with self._database.reading() as db:
            tokens = db.execute(select(Connection.access_token, Connection.refresh_token)).all()
            kept = db.execute(
                select(Registration.client_secret, Registration.private_key_pem)
            ).all()
            others = db.execute(select(SignInProvider.client_secret)).all()
        return [secret for row in (*tokens, *kept, *others) for secret in row if secret]
