"""From Microsoft's code to a connection, at once or when the consent has come into effect."""

from flask import flash, g, redirect, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.connect.room import back, known, log, outside, stopped, to_profile
from blueprints.connection_words import consent_words
from blueprints.edge import me, now, parts, reading, writing
from m365.identity import (
    AdminApprovalNeeded,
    ConsentDeclined,
    Later,
    Level,
    MicrosoftError,
    MicrosoftUser,
    Tokens,
    is_passing,
    lacking,
    scopes_for,
)
from portal import accounts, connections, consents, people, registrations
from portal.tables import Connection, ConsentRequest
from sync.live import registration_of

NEEDED = ("sign_in", "calendar")  # without these nothing works; the others are comforts


def redeemed(asked: ConsentRequest, code: str) -> Redirect:
    """The code for tokens, and a connection; ends on the profile, or where one waits."""
    with reading() as db:
        registration = registration_of(db)
        address = registrations.redirect_address(accounts.the_account(db))
    try:
        tokens, user = parts().identity.redeem(
            registration,
            code=code,
            verifier=asked.verifier,
            redirect_uri=address,
            nonce=asked.nonce,
        )
    except MicrosoftError as error:
        return _not_redeemed(asked, code, error)
    with writing() as db:
        consents.drop_code(db, asked.id)
    level = _granted(tokens, asked.calendar_access)
    if level is None or tokens.refresh_token is None:
        return stopped(
            "not_granted",
            "Microsoft did not grant lasting access to the calendar.",
            "Connect again and accept all permissions, or ask your Microsoft 365 administrator.",
        )
    return _established(asked, tokens, user, level)


def _not_redeemed(asked: ConsentRequest, code: str, error: MicrosoftError) -> Redirect:
    """What passes is tried again for as long as the code lives."""
    if not is_passing(error):
        with writing() as db:
            consents.drop_code(db, asked.id)
        return declined(error)
    asked_for = error.retry_after if isinstance(error, Later) else None
    with writing() as db:
        waits = consents.keep_code(db, asked.id, code, at_least=asked_for, now=now())
    if not waits:
        return declined(error)
    log.info("consent not in effect yet code=%s request=%s", error.code, g.request_id)
    return redirect(url_for("connect.finishing"), 303)


def waiting() -> ConsentRequest | None:
    """The consent of this browser that Microsoft has yet to put into effect."""
    with reading() as db:
        return consents.waiting(db, me().session_id, now=now())


def _established(
    asked: ConsentRequest, tokens: Tokens, user: MicrosoftUser, level: Level
) -> Redirect:
    tie = connections.MicrosoftTie(
        tenant_id=user.tenant_id,
        object_id=user.object_id,
        username=user.username or user.email or user.name or "Your Microsoft account",
        calendar_access=level,
        scopes=tuple(sorted(tokens.scopes)),
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
    )
    if turned := _outside(tie):
        return turned
    try:
        with writing() as db:
            connection = connections.establish(
                db, me().person_id, tie, replace_user=asked.replace_user, now=now()
            )
            people.by_id(db, me().person_id).approval_asked_at = None
    except connections.TakenByAnother:
        return stopped(
            "taken_by_another",
            f"Another person of this portal has connected {tie.username}.",
            "Choose your own account at Microsoft, or ask them to disconnect it first.",
        )
    except connections.AnotherUser:
        log.info("another user chosen person=%d request=%s", me().person_id, g.request_id)
        flash(
            f"You chose {tie.username}, which is not the Microsoft account connected before, so "
            "nothing was changed. To change accounts, confirm it below and go there once more.",
            "warning",
        )
        return redirect(url_for("connect.permissions", other="1"), 303)
    return _connected(connection, wanted=asked.calendar_access)


def _outside(tie: connections.MicrosoftTie) -> Redirect | None:
    """Nothing is kept of an account that the domains leave out, its tokens least of all."""
    former = known()
    is_same = former is not None and (former.tenant_id, former.object_id) == (
        tie.tenant_id,
        tie.object_id,
    )
    mailbox = former.mailbox_address if former is not None and is_same else None
    return outside([tie.username, mailbox], held=former if is_same else None)


def _connected(connection: Connection, *, wanted: str) -> Redirect:
    level = connection.calendar_access
    parts().outside.wake()
    log.info("connected connection=%d access=%s request=%s", connection.id, level, g.request_id)
    flash(f"{connection.username} is connected. Your events are being read now.", "success")
    if level != wanted:
        flash(
            "Microsoft granted only seeing your calendar, not changing it, so your meetings stay "
            "only here. To send them to Outlook, choose Change permissions and accept all.",
            "warning",
        )
    return to_profile()


def _granted(tokens: Tokens, wanted: str) -> Level | None:
    """What was granted may be less than what was asked for; None: not even reading."""
    levels: tuple[Level, ...] = ("read_write", "read")
    for level in levels if wanted == connections.READ_WRITE else levels[1:]:
        needed = [scope for scope in scopes_for(level) if scope.purpose in NEEDED]
        if not lacking(tokens.scopes, needed):
            return level
    return None


def declined(error: MicrosoftError) -> Redirect:
    """Microsoft said no: why, and what to do."""
    log.warning(
        "consent failed code=%s microsoft=%s request=%s",
        error.code,
        error.request_id or "-",
        g.request_id,
    )
    if isinstance(error, AdminApprovalNeeded):
        with writing() as db:
            people.by_id(db, me().person_id).approval_asked_at = now()
    expected = isinstance(error, (AdminApprovalNeeded, ConsentDeclined))
    return back(
        consent_words(error, administers=me().administers), "warning" if expected else "error"
    )
