"""Admin > Mail: the server that notices go by, entering it and trying it against a real one."""

import json
import socket

import pytest

from outside import Outside, Smtp
from portal.mailing import mail_settings
from portal.tables import Audit, MailSettings
from tests import postbox
from tests.postbox import HOST, SECRET, USER

PAGE, TEST = "/admin/mail", "Send a test to myself"
CAROL = "carol@contoso.example"


@pytest.fixture
def outside(clock, microsoft):
    trust = postbox.trusting()
    return Outside(clock=clock, http=microsoft, mail=Smtp(trust, patience=2))


def entered(box, security="none", **others):
    given = {"host": HOST, "port": str(box.port), "security": security, "sender": USER}
    return given | others


def try_it(browser, box, security="none", **others):
    return browser.submit(browser.get(PAGE), TEST, **entered(box, security, **others))


def kept(portal):
    with portal.reading() as db:
        return mail_settings.current(db)


def test_without_a_server_the_page_says_what_happens_instead(carol):
    page = carol.get(PAGE)

    assert page.h1 == "Mail"
    assert "Without one the same stands on the pages" in page.text
    assert "Stop sending mail" not in page.text


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_test_reaches_whoever_asked_for_it(carol, security):
    with postbox.served(security) as box:
        page = try_it(carol, box, security)

    assert page.fragment
    assert f"The mail to {CAROL} was taken." in page.text
    [mail] = box.mails
    assert (mail["To"].addresses[0].addr_spec, mail["Auto-Submitted"]) == (CAROL, "auto-generated")
    assert "/admin/mail" in box.text()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_user_name_and_password_are_used_over_tls(carol, security):
    with postbox.served(security, signs_in=True) as box:
        page = try_it(carol, box, security, username=USER, password=SECRET)

    assert "was taken" in page.text
    assert SECRET not in page.body


@pytest.mark.parametrize(
    ("refuses", "says"),
    [
        ({"MAIL": "553 not yours"}, "does not accept the sender's address"),
        ({"RCPT": "550 nobody here"}, "does not deliver to the recipient's address"),
        ({"DATA": "554 looks like spam"}, "refused the mail"),
        ({"MAIL": "530 who are you"}, "wants a user name"),
    ],
)
def test_what_the_server_turns_away_is_said_in_words(carol, refuses, says):
    with postbox.served() as box:
        box.refuses = refuses
        page = try_it(carol, box)

    [answer] = refuses.values()
    assert says in page.text
    assert f"SMTP {answer[:3]}" in page.text
    assert answer[4:] not in page.text


def test_a_wrong_password_is_said_so(carol):
    with postbox.served("tls", signs_in=True) as box:
        page = try_it(carol, box, "tls", username=USER, password="wrong")

    assert "did not accept user name and password" in page.text


@pytest.mark.parametrize(
    ("serves", "asks", "says"),
    [("none", "starttls", "does not offer STARTTLS"), ("none", "tls", "does not speak TLS")],
)
def test_the_wrong_security_is_said_so(carol, serves, asks, says):
    with postbox.served(serves) as box:
        page = try_it(carol, box, asks)

    assert says in page.text


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(carol, security):
    with postbox.served(security, host="127.0.0.9") as box:
        page = try_it(carol, box, security)

    assert "certificate is not trusted" in page.text
    assert box.mails == []


def test_a_server_that_is_not_there_is_said_so(carol):
    with postbox.served() as box:
        port = box.port
    page = carol.submit(
        carol.get(PAGE), TEST, host=HOST, port=str(port), security="none", sender=USER
    )

    assert "refused the connection" in page.text


def test_a_server_that_keeps_silent_does_not_hold_the_page(carol):
    with socket.create_server((HOST, 0)) as silent:
        given = {"host": HOST, "port": str(silent.getsockname()[1]), "security": "none"}
        page = carol.submit(carol.get(PAGE), TEST, sender=USER, **given)

    assert "did not answer in time" in page.text


def test_the_password_is_sealed_kept_and_never_shown(carol, portal):
    with postbox.served("tls", signs_in=True) as box:
        given = entered(box, "tls", username=USER, password=SECRET)
        carol.submit(carol.get(PAGE), "Save", **given)
        page = carol.submit(carol.get(PAGE), "Save", sender="other@contoso.example")
        carol.submit(page, TEST)

    assert box.subjects == ["Test: this portal can send you mail"]
    assert page.by_id("password").get("value") == ""
    assert "One is saved" in page.text
    with portal.reading() as db:
        noted = [(row.before, row.after) for row in db.query(Audit).all()]
        [raw] = db.connection().exec_driver_sql("SELECT password FROM mail_settings").scalars()
    assert SECRET not in json.dumps(noted)
    assert SECRET.encode() not in raw


def test_a_kept_password_never_goes_to_another_server(carol, portal):
    with postbox.served("tls", signs_in=True) as box, postbox.served("tls") as other:
        given = entered(box, "tls", username=USER, password=SECRET)
        carol.submit(carol.get(PAGE), "Save", **given)
        page = carol.submit(carol.get(PAGE), TEST, port=str(other.port))

    assert (page.status, other.mails) == (422, [])
    assert "only to its own server" in page.text


def test_what_a_test_of_the_kept_server_found_is_kept(carol, portal):
    with postbox.served() as box:
        carol.submit(carol.get(PAGE), "Save", **entered(box))
        box.refuses = {"MAIL": "553 not yours"}
        carol.submit(carol.get(PAGE), TEST)
        failed, page = kept(portal).code, carol.get(PAGE)
        box.refuses = {}
        carol.submit(page, TEST)

    assert (failed, kept(portal).code) == ("sender 553", None)
    assert "does not accept the sender's address" in page.text
    assert "The last mail was taken on 18 November 2026" in carol.get(PAGE).text


def test_a_test_of_something_else_leaves_the_kept_server_alone(carol, portal):
    with postbox.served() as box:
        carol.submit(carol.get(PAGE), "Save", **entered(box))
        carol.submit(carol.get(PAGE), TEST, sender="other@contoso.example")

    assert kept(portal).tested_at is None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("host", "", "Enter the server"),
        ("host", "smtp example", "name alone"),
        ("host", "https://smtp.example.org", "name alone"),
        ("host", "h" * 300, "at most 253"),
        ("host", "smtp.example.org\r\nRSET", "line breaks"),
        ("port", "0", "1 to 65535"),
        ("port", "70000", "1 to 65535"),
        ("port", "smtp", "Not a valid integer"),
        ("security", "ssl3", "Not a valid choice"),
        ("username", "u" * 300, "at most 255"),
        ("password", "p" * 600, "at most 500"),
        ("sender", "", "Enter an e-mail"),
        ("sender", "nobody", "not an e-mail"),
        ("sender", "a@b.example\r\nBcc: x@y.example", "line breaks"),
        ("sender", "portal@-.example", "No mail can be sent"),
    ],
)
@pytest.mark.parametrize("button", ["Save", TEST])
def test_what_cannot_be_right_is_said_and_nothing_is_kept(
    carol, portal, button, field, value, says
):
    given = {"host": HOST, "port": "25", "security": "none", "sender": USER} | {field: value}

    page = carol.submit(carol.get(PAGE), button, **given)

    assert page.status == 422
    assert says in (page.errors[field] if button == "Save" else page.text)
    assert kept(portal) is None


def test_a_password_is_never_sent_in_the_open(carol, portal):
    given = {"host": "smtp.example.org", "port": "25", "security": "none", "sender": USER}

    page = carol.submit(carol.get(PAGE), "Save", username=USER, password=SECRET, **given)

    assert (page.status, kept(portal)) == (422, None)
    assert "never sent in the open" in page.errors["security"]


def test_a_user_name_wants_a_password(carol):
    given = {"host": "smtp.example.org", "port": "587", "sender": USER, "username": USER}

    page = carol.submit(carol.get(PAGE), "Save", **given)

    assert "Enter the password" in page.errors["password"]


def test_sending_is_stopped_and_the_password_forgotten(carol, portal):
    with postbox.served("tls", signs_in=True) as box:
        given = entered(box, "tls", username=USER, password=SECRET)
        carol.submit(carol.get(PAGE), "Save", **given)
    page = carol.submit(carol.get(PAGE), "Stop sending mail")

    with portal.reading() as db:
        rows, acts = db.query(MailSettings).all(), [row.act for row in db.query(Audit).all()]
    assert (rows, acts) == ([], ["mail server changed", "mail server removed"])
    assert "sends no more mail" in page.text
