"""A real mail server on this machine for tests: takes mails, or turns them away as it is told."""

import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.certificate import for_host

HOST = "127.0.0.1"
USER, SECRET = "portal@contoso.example", "smtp-otter-7"


@dataclass
class Postbox:
    """What came in, and what is refused: a command of SMTP -> the answer it gets."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    port: int = 0

    async def handle_MAIL(  # noqa: N802 - named by the library
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if "MAIL" not in self.refuses:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.refuses.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if "RCPT" not in self.refuses:
            envelope.rcpt_tos.append(address)
        return self.refuses.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if "DATA" not in self.refuses:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.refuses.get("DATA", "250 OK")

    @property
    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.mails]

    def to(self, address: str) -> list[str]:
        return [str(one["Subject"]) for one in self.mails if address in str(one["To"])]

    def text(self, number: int = -1) -> str:
        return str(self.mails[number].get_content())


def authenticator(
    _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any
) -> AuthResult:
    fits = (given.login, given.password) == (USER.encode(), SECRET.encode())
    return AuthResult(success=fits, handled=fits)


class _Chosen(Controller):
    """On a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def served(
    security: str = "none", *, signs_in: bool = False, host: str = HOST
) -> Iterator[Postbox]:
    """`host`: the name in its certificate. What it answers to is HOST."""
    box = Postbox()
    context = server_context(host) if security != "none" else None
    options: dict[str, Any] = {"auth_require_tls": security == "starttls"}
    if signs_in:
        # The library warns where it does not know that the whole connection is inside TLS.
        options |= {"authenticator": authenticator, "auth_required": security == "starttls"}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = _Chosen(
        box,
        hostname=HOST,
        port=0,
        ssl_context=context if security == "tls" else None,
        **options,
    )
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def server_context(host: str) -> ssl.SSLContext:
    certificate, key = for_host(host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_text(certificate + key)
        context.load_cert_chain(file)
    return context


def trusting(host: str = HOST) -> ssl.SSLContext:
    """Believes the certificate of the server of that name, and no other."""
    return ssl.create_default_context(cadata=for_host(host)[0])
