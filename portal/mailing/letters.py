"""Mails as they are sent: plain text, short, with a link to where something can be done."""

import textwrap
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import accounts, people
from portal.configuration import domains
from portal.mailing import mail_settings, mail_words, mails
from portal.mailing.mail_words import Words
from portal.tables import OutgoingMail

WIDTH = 76


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail comes from: the account's name, the sender's address, the portal's own one."""

    account: str
    address: str
    portal: str

    @property
    def host(self) -> str:
        return urlsplit(self.portal).hostname or "localhost"


class CannotWrite(Exception):
    """There is no mail server, or an address that no mail can go to or come from."""


def sender_of(db: Session, address: str | None = None) -> Sender:
    """`address`: in place of the kept one. Raises CannotWrite."""
    kept = mail_settings.current(db)
    if address is None and kept is None:
        raise CannotWrite
    account = accounts.the_account(db)
    return Sender(account.name, address or (kept.sender if kept else ""), account.public_address)


def of_mail(db: Session, mail: OutgoingMail, *, now: datetime) -> EmailMessage:
    """Raises CannotWrite."""
    person, sender = people.by_id(db, mail.person_id), sender_of(db)
    asked_by = mail.about.get("by")
    by = people.find(db, asked_by) if isinstance(asked_by, int) else None
    said = mail_words.words(
        mail.kind, mail.about, zone=ZoneInfo(person.zone), now=now, by=by.name if by else ""
    )
    return letter(
        said,
        to=person.address,
        name=person.name,
        sender=sender,
        message_id=mails.message_id(mail, sender.host),
        now=now,
    )


def letter(
    said: Words, *, to: str, name: str, sender: Sender, message_id: str, now: datetime
) -> EmailMessage:
    """One plain text mail. Raises CannotWrite."""
    paragraphs = [f"Hello {name},", said.what, said.todo]
    body = [textwrap.fill(one, WIDTH, break_long_words=False) for one in paragraphs]
    body.append(f"{said.button}:\n{sender.portal}{said.path}")
    ending = f"This mail was sent by {sender.account}'s portal at {sender.host}, where you sign in."
    body.append("-- \n" + textwrap.fill(ending, WIDTH))
    message = EmailMessage()
    message["Subject"] = said.title
    message["From"] = _address(sender.account[:60], sender.address)
    message["To"] = _address(name, to)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # nobody's absence answers it
    message.set_content("\n\n".join(body) + "\n")
    return message


def _address(name: str, address: str) -> Address:
    """With its domain in the form every mail server knows. Raises CannotWrite."""
    local, _at, domain = address.rpartition("@")
    try:
        return Address(name, username=local, domain=domains.normal(domain))
    except ValueError:
        raise CannotWrite from None


def can_send_from(address: str) -> bool:
    try:
        _address("", address)
    except CannotWrite:
        return False
    return True


def test(*, to: str, name: str, sender: Sender, key: str, now: datetime) -> EmailMessage:
    """To whoever tries the mail server. Raises CannotWrite."""
    said = Words(
        "Test: this portal can send you mail",
        "An administrator tried the mail server of this portal, and this mail came through.",
        "There is nothing to do.",
        "/admin/mail",
        "Open the mail settings",
    )
    message_id = f"<{key}@{sender.host}>"
    return letter(said, to=to, name=name, sender=sender, message_id=message_id, now=now)


def invitation(
    *, to: str, name: str, by: str, link: str, until: str, sender: Sender, key: str, now: datetime
) -> EmailMessage:
    """With a link that only this mail holds: its path, and `until` when it works, in words. It is
    handed to the server at once and kept nowhere. Raises CannotWrite.
    """
    said = Words(
        f"{by} invites you to {sender.account}'s portal",
        f"{by} has made a place for you in the portal where {sender.account} keeps meetings and "
        "Microsoft 365 calendars in step.",
        f"Open the link until {until} and choose how you sign in. It works once. If you did not "
        "expect this mail, leave it: without the link nothing happens.",
        link,
        "Accept the invitation",
    )
    message_id = f"<{key}@{sender.host}>"
    return letter(said, to=to, name=name, sender=sender, message_id=message_id, now=now)
