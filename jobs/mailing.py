"""Mails: what people should hear of is noted, and what waits is handed to the mail server."""

import logging

from outside import MailProblem, Outside
from portal.database import Database
from portal.mailing import letters, mail_settings, mails, occasions

log = logging.getLogger(__name__)

MOST = 20  # in one run: many a server takes thirty a minute from one sender


def mail(database: Database, outside: Outside) -> int:
    """Gives how many were sent. Without a mail server pages alone tell of the same."""
    now = outside.clock()
    with database.reading() as db:
        if not mail_settings.is_set_up(db):
            return 0
    with database.writing() as db:
        noted = occasions.note_all(db, now=now)
    if noted:
        log.info("mails noted count=%d", noted)
    sent = 0
    for _ in range(MOST):
        with database.reading() as db:
            if not mails.is_any_due(db, now=now):
                break
        outcome = _send_next(database, outside)
        if outcome is None:
            break
        sent += outcome
    return sent


def _send_next(database: Database, outside: Outside) -> bool | None:
    """True: it went. False: it need not, or never will. None: the server takes none now."""
    now = outside.clock()
    with database.writing() as db:
        row, server = mails.claim_due(db, now=now), mail_settings.server_of(db)
        if row is None or server is None:
            return None
        if not occasions.still_so(db, row, now=now):
            mails.withdraw(row)
            return False
        try:
            message = letters.of_mail(db, row, now=now)
        except letters.CannotWrite:
            mails.failed(db, row.id, "recipient", is_final=True, now=now)
            return False
        mail_id, kind = row.id, row.kind
    try:
        outside.mail(server, message)
    except MailProblem as problem:
        with database.writing() as db:
            mails.failed(db, mail_id, problem.code, is_final=problem.is_final, now=now)
            if not problem.is_of_mail:
                mail_settings.note_attempt(db, problem.code, now=now)
        log.warning("mail not sent mail=%d kind=%s code=%s", mail_id, kind, problem.code)
        return False if problem.is_of_mail else None
    with database.writing() as db:
        mails.sent(db, mail_id, now=outside.clock())
        mail_settings.note_attempt(db, None, now=now)
    log.info("mail sent mail=%d kind=%s", mail_id, kind)
    return True
