"""A consent that Microsoft has not put into effect yet: an honest page that tries again."""

from tests.blueprints.authorizing import PLACE, accesses, agreed, audited, to_microsoft

WAITING = "/admin/application/waiting"


def waits(stage, carol, *, seconds):
    stage.switch(on=True)
    stage.world.turn("identity.consent_delay", seconds)
    return carol.get(agreed(stage, to_microsoft(carol)))


def test_the_page_says_that_it_is_not_in_effect_yet_and_why(stage, carol):
    page = waits(stage, carol, seconds=60)

    assert page.path == WAITING
    assert "has not put it into effect yet (" in page.text
    assert accesses(stage) == []


def test_it_is_saved_once_it_counts(stage, carol):
    page = waits(stage, carol, seconds=60)
    stage.clock.advance(seconds=10)
    early = carol.submit(page, "Try now")
    stage.clock.advance(seconds=60)

    late = carol.submit(carol.get(WAITING), "Try now", follow=False)

    assert "Tried 2 times" in early.text
    assert late.headers["HX-Redirect"] == PLACE
    assert len(accesses(stage)) == 1


def test_the_page_that_asks_every_two_seconds_asks_microsoft_less_and_less(stage, carol):
    page = waits(stage, carol, seconds=600)

    attempts = []
    for _ in range(10):
        stage.clock.advance(seconds=2)
        page = carol.submit(page, "Try now")
        attempts.append(
            page.text.count("Tried once") or int(page.text.split("Tried ")[1].split()[0])
        )

    assert attempts == sorted(attempts)
    assert 2 < attempts[-1] < 6


def test_without_script_the_whole_page_comes_back(stage, carol):
    waits(stage, carol, seconds=60)

    page = carol.post(WAITING)

    assert (page.path, page.h1) == (WAITING, "Almost authorised")


def test_after_a_quarter_of_an_hour_it_has_failed_and_says_what_to_look_at(stage, carol):
    waits(stage, carol, seconds=3600)
    stage.clock.advance(minutes=16)

    page = carol.get(WAITING)

    assert "begin again" in page.notices[0]
    assert carol.post(WAITING).path == WAITING
    assert accesses(stage) == []


def test_what_does_not_pass_ends_the_waiting(stage, carol):
    waits(stage, carol, seconds=60)
    stage.world.expire_secrets()
    stage.clock.advance(seconds=30)

    page = carol.post(WAITING)

    assert (page.path, "AADSTS7000222" in page.notices[0]) == (PLACE, True)
    assert audited(stage, "application not authorized") == [(carol.person_id, "AADSTS7000222")]
    assert "No authorisation waits" in carol.get(WAITING).notices[0]


def test_another_browser_does_not_see_it(stage, carol, olivia):
    waits(stage, carol, seconds=60)

    assert "No authorisation waits" in olivia.get(WAITING).notices[0]
