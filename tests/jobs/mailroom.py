"""The stage of stories about mails: a portal with a real mail server."""

from collections.abc import Iterator
from typing import Any

import pytest

from jobs.mailing import mail
from portal.mailing import mail_settings
from portal.tables import Connection, OutgoingMail
from tests import calendar_make, postbox
from tests import make as factory
from tests.conftest import Portal
from tests.postbox import HOST, USER, Postbox

ALICE, CAROL, OLIVIA = "alice@contoso.example", "carol@contoso.example", "olivia@contoso.example"
LOST = "Your calendar needs you to sign in at Microsoft again"
BACK = "Your calendar is connected again"


def set_up(portal: Portal, box: Postbox) -> None:
    entered = mail_settings.Entered(HOST, box.port, "none", "", None, USER)
    with portal.writing() as db:
        by = factory.person_id(db, "carol")
        mail_settings.keep(db, entered, by=by, now=portal.clock())


@pytest.fixture
def box(portal: Portal) -> Iterator[Postbox]:
    with postbox.served() as running:
        set_up(portal, running)
        yield running


@pytest.fixture
def alices(portal: Portal) -> None:
    """Her calendar is connected."""
    with portal.writing() as db:
        calendar_make.connected(db, "alice", now=portal.clock())


def change(portal: Portal, **values: Any) -> None:
    """Of Alice's connection."""
    with portal.writing() as db:
        row = db.query(Connection).one()
        for name, value in values.items():
            setattr(row, name, value)


def run(portal: Portal, **later: float) -> int:
    if later:
        portal.clock.advance(**later)
    return mail(portal.database, portal.outside)


def rows(portal: Portal) -> list[OutgoingMail]:
    with portal.reading() as db:
        return db.query(OutgoingMail).order_by(OutgoingMail.id).all()
