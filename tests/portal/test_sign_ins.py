"""People on their way to a provider: what is kept of them, and for how long."""

from datetime import timedelta

from portal.signing_in import oauth_states
from portal.tables import SignInRequest
from tests.sign_ins import door, provide
from tests.stage import Stage


def test_what_is_kept_tells_neither_state_nor_browser_nor_verifier(stage: Stage) -> None:
    provide(stage)
    address = door(stage.portal.visitor())

    with stage.database.reading() as db:
        held = db.connection().exec_driver_sql("SELECT * FROM sign_in_requests").one()
    sent = dict(part.split("=", 1) for part in address.partition("?")[2].split("&"))
    shown = [str(one) for one in held]
    assert not [one for one in shown if sent["state"] in one or sent["nonce"] in one]


def test_it_is_forgotten_after_a_day(stage: Stage) -> None:
    provide(stage)
    door(stage.portal.visitor())

    with stage.database.writing() as db:
        oauth_states.forget_old(db, now=stage.now + timedelta(hours=23))
    assert len(stage.rows(SignInRequest)) == 1
    with stage.database.writing() as db:
        oauth_states.forget_old(db, now=stage.now + timedelta(hours=25))

    assert stage.rows(SignInRequest) == []


def test_a_way_too_long_to_keep_leads_to_the_calendar(stage: Stage) -> None:
    provide(stage)
    visitor = stage.portal.visitor()

    door(visitor, start=f"/sign-in?next=/meetings/{'x' * 300}")

    assert stage.rows(SignInRequest)[0].goes_to == ""
