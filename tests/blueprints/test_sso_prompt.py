"""The screen that asks to connect a calendar after signing in elsewhere, and what comes of it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from portal import prompts
from portal.signing_in.providers import MICROSOFT, OIDC
from portal.tables import Connection, Person
from tests.browse import Browser
from tests.cast import PASSWORD
from tests.page import Page
from tests.sign_ins import answer, choose, door, person, provide, sign_in
from tests.stage import Stage, consent

BOTH = pytest.mark.parametrize("kind", [MICROSOFT, OIDC])
QUESTION = "Connect your Microsoft 365 calendar?"


@pytest.fixture
def asking(stage: Stage) -> Stage:
    """A portal that asks every time."""
    stage.switch(on=True)
    choose(stage, "sso_prompt", "every")
    provide(stage)
    return stage


def comes(stage: Stage, who: str = "alice", kind: str = MICROSOFT) -> tuple[Browser, Page]:
    browser = stage.portal.visitor()
    return browser, sign_in(stage, browser, who, kind)


def connect(stage: Stage, browser: Browser, page: Page, **form: str) -> Page:
    gone = browser.submit(page, "Connect", follow=False)
    address = gone.location.removeprefix("http://simulator.localhost")
    return browser.get(consent(stage.simulator, stage.world, address, "alice", **form))


def counted(stage: Stage) -> prompts.Counts:
    with stage.database.reading() as db:
        return prompts.counts(db)


@BOTH
@pytest.mark.parametrize(
    ("setting", "asked"),
    [("never", [False, False]), ("first", [True, False]), ("every", [True, True])],
)
def test_people_are_asked_as_the_setting_has_it(
    stage: Stage, kind: str, setting: str, asked: list[bool]
) -> None:
    stage.switch(on=True)
    choose(stage, "sso_prompt", setting)
    provide(stage, kind)

    found = []
    for _ in asked:
        browser, page = comes(stage, kind=kind)
        found.append(page.h1 == QUESTION)
        browser.submit(page, "Not now") if found[-1] else None

    assert found == asked


def test_not_now_leads_to_where_one_wanted_to_go(asking: Stage, visitor: Browser) -> None:
    page = visitor.get(answer(asking, door(visitor, start="/sign-in?next=/meetings/"), "alice"))
    assert page.h1 == QUESTION

    page = visitor.submit(page, "Not now")

    assert page.path == "/meetings/"
    assert counted(asking) == prompts.Counts(1, 1, accepted=0, not_now=1, failed=0)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/"])
def test_not_now_never_leads_to_another_site(asking: Stage, target: str) -> None:
    browser, page = comes(asking)

    assert browser.submit(page, "Not now", next=target, follow=False).location == "/calendar"
    assert target not in browser.get(f"/connect/prompt?next={target}").body


def test_not_now_works_whatever_has_changed_meanwhile(asking: Stage) -> None:
    browser, page = comes(asking)
    asking.switch(on=False)

    assert browser.submit(page, "Not now").path == "/calendar"


def test_connecting_asks_microsoft_for_the_same_account(asking: Stage) -> None:
    browser, page = comes(asking)

    gone = browser.submit(page, "Connect", follow=False)

    sent = parse_qs(urlsplit(gone.location or "").query)
    assert sent["login_hint"] == ["alice@contoso.example"]
    assert "prompt" not in sent
    assert "Calendars.ReadWrite" in sent["scope"][0]


def test_whoever_connects_is_counted_and_not_asked_again(asking: Stage) -> None:
    browser, page = comes(asking)

    page = connect(asking, browser, page)

    assert (page.path, "is connected" in page.notices[0]) == ("/profile", True)
    assert len(asking.rows(Connection)) == 1
    assert counted(asking) == prompts.Counts(1, 1, accepted=1, not_now=0, failed=0)
    assert comes(asking)[1].path == "/calendar"


def test_a_declined_consent_lands_in_the_portal_with_the_reason(asking: Stage) -> None:
    browser, page = comes(asking)

    page = connect(asking, browser, page, decision="cancel")

    assert page.path == "/profile"
    assert "not accepted on Microsoft's page" in page.notices[0]
    assert counted(asking) == prompts.Counts(1, 1, accepted=0, not_now=0, failed=1)
    assert comes(asking)[1].h1 == QUESTION


def test_connecting_later_by_oneself_makes_good_for_a_failure(asking: Stage) -> None:
    browser, page = comes(asking)
    connect(asking, browser, page, decision="cancel")

    asking.connect(browser, "alice")

    assert counted(asking).accepted == 1


def test_not_now_stays_not_now_when_somebody_connects_later(asking: Stage) -> None:
    browser, page = comes(asking)
    browser.submit(page, "Not now")

    asking.connect(browser, "alice")

    assert counted(asking) == prompts.Counts(1, 1, accepted=0, not_now=1, failed=0)


def test_who_ended_a_connection_is_left_in_peace(asking: Stage) -> None:
    browser, page = comes(asking)
    connect(asking, browser, page)
    with asking.database.writing() as db:
        db.execute(update(Connection).values(state="disconnected"))

    assert comes(asking)[1].path == "/calendar"


def test_nobody_is_asked_who_may_not_connect(asking: Stage) -> None:
    asking.switch(on=False)

    assert comes(asking)[1].path == "/calendar"
    assert person(asking, "alice").prompts == 0


def test_nobody_is_asked_after_a_password(asking: Stage, visitor: Browser) -> None:
    form = {"address": "alice@contoso.example", "password": PASSWORD}

    assert visitor.post("/sign-in", form).path == "/calendar"


def test_only_reading_is_asked_for_where_only_that_is_allowed(asking: Stage) -> None:
    choose(asking, "calendar_permission", "read")
    browser, page = comes(asking)

    gone = browser.submit(page, "Connect", follow=False)

    assert "appear in Outlook" not in page.text
    assert "Calendars.ReadWrite" not in (gone.location or "")


def test_refused_meanwhile_says_why(asking: Stage) -> None:
    browser, page = comes(asking)
    asking.switch(on=False)

    page = browser.submit(page, "Connect")

    assert "is switched off" in page.notices[0]


def test_administrators_see_what_came_of_it(asking: Stage, carol: Browser) -> None:
    browser, page = comes(asking)
    browser.submit(page, "Not now")
    comes(asking)
    with asking.database.writing() as db:
        bob = Person.address == "bob@contoso.example"
        db.execute(update(Person).where(bob).values(prompts=1, prompt_answer="accepted"))

    page = carol.get("/admin/sign-in")

    shown = page.by_id("prompt")
    told = [" ".join(one.itertext()) for one in shown.iter() if one.tag == "dd"]
    assert told == [
        "Every time they sign in until they integrate",
        "2 (3 times in all)",
        "1",
        "0",
        "0",
        "1",
    ]


def test_nobody_is_asked_whose_account_the_domains_leave_out(asking: Stage) -> None:
    choose(asking, "allowed_domains", ["fabrikam.example"])

    browser, page = comes(asking)

    assert (page.h1 == QUESTION, counted(asking).asked) == (False, 0)
    assert browser.get("/connect/prompt").h1 != QUESTION
    profile = browser.get("/profile")
    assert "only accounts of fabrikam.example be connected" in profile.text
    assert "yours is alice@contoso.example" in profile.text


def test_within_the_domains_people_are_asked(asking: Stage) -> None:
    choose(asking, "allowed_domains", ["contoso.example"])

    browser, page = comes(asking)

    assert page.h1 == QUESTION
    assert "cannot be connected" not in browser.get("/profile").text
