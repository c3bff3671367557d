"""What holds for every address: who may come, and that no form is taken without its token."""

import pytest

from portal import people
from portal.configuration import settings
from portal.signing_in import providers
from portal.staff import groups
from tests.browse import EXTENSION
from tests.every_route import every_route
from tests.page import read
from tests.rules import check_answer, watched

OPEN = ("health", "metrics", "sign_in", "setup", "hooks", "sso", "invitation_links")
ADMINS = ("admin", "admin_live", "setup_microsoft")
LEADS_ON = ("admin.authorized",)  # back from Microsoft, to the page that says what came of it
SENT = every_route("POST")
SIGNED_IN = [route for route in every_route() if route.room not in OPEN]
FOR_ADMINS = [route for route in SIGNED_IN if route.room in ADMINS]


def ask(browser, route, method):
    return (browser.get if method == "GET" else browser.post)(route.filled(), follow=False)


@pytest.mark.parametrize("route", SENT, ids=str)
@pytest.mark.parametrize("token", ["none", "invented", "of another browser"])
def test_a_form_without_its_own_token_changes_nothing(route, token, portal, carol, olivia):
    carol.get("/profile")
    tokens = {"none": {}, "invented": {"csrf_token": "x"}}
    form = tokens.get(token, {"csrf_token": carol._token})
    engine = portal.app.extensions[EXTENSION].database.write_engine

    with watched(engine) as written:
        answer = olivia.client.post(route.filled(), data=form, base_url=olivia.address)

    assert (answer.status_code, written) == (400, [])
    check_answer(answer, secrets=[])


@pytest.mark.parametrize("route", SIGNED_IN, ids=str)
def test_a_stranger_is_sent_to_sign_in(route, visitor):
    for method in route.methods:
        answer = ask(visitor, route, method)
        assert (answer.status, (answer.location or "").partition("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("route", FOR_ADMINS, ids=str)
def test_a_page_of_the_administrators_is_not_there_for_others(route, alice):
    assert [ask(alice, route, method).status for method in route.methods] == [404] * len(
        route.methods
    )


@pytest.mark.parametrize("route", [one for one in FOR_ADMINS if "GET" in one.methods], ids=str)
def test_administrators_find_their_pages(route, portal, carol):
    with portal.writing() as db:
        settings.choose(db, "back_months", 1, by=carol.person_id, now=portal.clock())
        groups.add(db, "Number one", by=carol.person_id, now=portal.clock())
        wish = providers.Wish(name="Number one", issuer="https://id.example")
        kind, by = providers.OIDC, carol.person_id
        providers.keep(db, None, wish, kind=kind, by=by, now=portal.clock())

    fragment = route.address.startswith("/live")
    answer = carol.get(route.filled(), follow=False, htmx=fragment)

    assert answer.status == (303 if route.endpoint in LEADS_ON else 200)


@pytest.mark.parametrize("route", SIGNED_IN, ids=str)
def test_with_a_temporary_password_nothing_else_can_be_done(route, portal, alice):
    alice.get("/profile")
    with portal.writing() as db:
        people.by_id(db, alice.person_id).must_change_password = True

    answers = [ask(alice, route, method) for method in route.methods]

    if route.endpoint != "profile.password":
        assert {answer.location for answer in answers} == {"/profile/password"}


@pytest.mark.parametrize(
    "path", ["/nowhere", "/static/nowhere.css", "/sign-in", "/static/theme.css"]
)
def test_every_answer_carries_the_headers(path, visitor):
    with visitor.client.get(path, base_url=visitor.address) as answer:
        check_answer(answer, secrets=[])
        assert not read(answer, fragment=False).mistakes


def test_what_a_proxy_would_say_is_not_believed_unasked(visitor):
    said = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "::1",
    }

    answer = visitor.client.get("/calendar", base_url=visitor.address, headers=said)

    assert answer.location == "/sign-in?next=/calendar"
    assert "Strict-Transport-Security" not in answer.headers
