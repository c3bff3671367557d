"""Outside: all that comes from beyond the program, so that a test can hand it in.

Imports nothing of ours.
"""

import secrets
import smtplib
import socket
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from random import Random, SystemRandom
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


class Wake:
    """Rouses whoever does the waiting work of this process; without a listener it is a no-op.

    Other processes notice by their own clock, so a lost call costs seconds, never work.
    """

    def __init__(self) -> None:
        self._rouse: Callable[[], None] | None = None

    def __call__(self) -> None:
        rouse = self._rouse  # read once: another thread may be stopping
        if rouse is not None:
            rouse()

    def rouses(self, listener: Callable[[], None] | None) -> None:
        """From now on a call runs `listener` (None: nobody)."""
        self._rouse = listener


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes our mail. `security`: starttls, tls, none. `greeting`: what we call ourselves."""

    host: str
    port: int
    security: str
    username: str = ""
    password: str = field(default="", repr=False)
    greeting: str = "localhost"


OF_MAIL = ("recipient", "rejected")
NEEDS_SIGN_IN = 530


class MailProblem(Exception):
    """The mail was not taken. `code` is ours, `reply` the server's number, 0 where it gave none.

    `is_of_mail`: about this one mail, others may go. `is_final`: trying again changes nothing.
    The server's own words are not kept: they hold addresses.
    """

    def __init__(self, code: str, reply: int = 0, *, is_final: bool = False) -> None:
        self.code = f"{code} {reply}" if reply else code
        self.is_final, self.is_of_mail = is_final, code in OF_MAIL
        super().__init__(self.code)


class Smtp:
    """Hands one mail to a server. `trust`: whose certificates are believed; None: as the system."""

    def __init__(self, trust: ssl.SSLContext | None = None, *, patience: float = 10) -> None:
        self._trust, self._patience = trust, patience

    def __call__(self, server: MailServer, message: EmailMessage) -> None:
        """Raises MailProblem. A mail whose last answer was lost may have gone all the same."""
        with _explained(), self._opened(server) as smtp:
            smtp.send_message(message)

    @contextmanager
    def _opened(self, server: MailServer) -> Iterator[smtplib.SMTP]:
        trust = self._trust or ssl.create_default_context()
        where = server.host, server.port, server.greeting, self._patience
        smtp = _by_tls(*where, trust) if server.security == "tls" else smtplib.SMTP(*where)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                _encrypt(smtp, trust)
            if server.username:
                _sign_in(smtp, server)
            yield smtp
        finally:
            # What is said in parting must not make a mail that was taken look refused.
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()


def _by_tls(
    host: str, port: int, greeting: str, patience: float, trust: ssl.SSLContext
) -> smtplib.SMTP:
    return smtplib.SMTP_SSL(host, port, greeting, timeout=patience, context=trust)


def _encrypt(smtp: smtplib.SMTP, trust: ssl.SSLContext) -> None:
    try:
        smtp.starttls(context=trust)
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException):
        raise MailProblem("no_starttls") from None
    smtp.ehlo_or_helo_if_needed()


def _sign_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    try:
        smtp.login(server.username, server.password)
    except UnicodeEncodeError:
        raise MailProblem("authentication") from None
    except smtplib.SMTPNotSupportedError:
        raise MailProblem("no_authentication") from None
    except smtplib.SMTPAuthenticationError as error:
        raise MailProblem("authentication", error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        raise MailProblem("authentication", error.smtp_code) from None
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException:  # no way of signing in that both know
        raise MailProblem("no_authentication") from None


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        reply = next((code for code, _words in error.recipients.values()), 0)
        raise MailProblem("recipient", reply, is_final=reply >= 500) from None
    except smtplib.SMTPSenderRefused as error:
        wants_name = error.smtp_code == NEEDS_SIGN_IN
        raise MailProblem("sign_in_needed" if wants_name else "sender", error.smtp_code) from None
    except smtplib.SMTPConnectError as error:
        raise MailProblem("greeting", error.smtp_code) from None
    except smtplib.SMTPNotSupportedError:  # an address in letters this server cannot take
        raise MailProblem("recipient", is_final=True) from None
    except smtplib.SMTPResponseException as error:
        final = error.smtp_code >= 500 and isinstance(error, smtplib.SMTPDataError)
        raise MailProblem("rejected", error.smtp_code, is_final=final) from None
    except smtplib.SMTPException as error:
        # The library says "disconnected" of a silence, too.
        is_silence = isinstance(error.__context__, TimeoutError)
        raise MailProblem("timeout" if is_silence else "lost") from None
    except OSError as error:
        raise MailProblem(_how_unreached(error)) from None


def _how_unreached(error: OSError) -> str:
    kinds: tuple[tuple[type[OSError], str], ...] = (
        (ssl.SSLCertVerificationError, "certificate"),
        (ssl.SSLError, "no_tls"),
        (TimeoutError, "timeout"),
        (socket.gaierror, "unknown_host"),
        (ConnectionRefusedError, "refused"),
        (ConnectionError, "lost"),
    )
    return next((code for kind, code in kinds if isinstance(error, kind)), "unreachable")


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid.uuid4())


def new_secret() -> str:
    """256 random bits, safe in an address, a cookie and a form."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Outside:
    """Clock (aware UTC), ids, secrets, randomness for jitter, the network, the waker, the mail."""

    clock: Callable[[], datetime] = utc_now
    ids: Callable[[], str] = new_id
    secrets: Callable[[], str] = new_secret
    random: Random = field(default_factory=SystemRandom)
    http: "httpx2.BaseTransport | None" = None
    wake: Wake = field(default_factory=Wake)
    mail: Callable[[MailServer, EmailMessage], None] = field(default_factory=Smtp)
