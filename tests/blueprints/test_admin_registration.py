"""The app registration at Microsoft: entering, testing, keeping."""

import json

import pytest
from sqlalchemy import select

from portal import registrations
from portal.tables import Audit
from simulator import registration as simulated
from tests.cast import ADMIN_CALLBACK, CALLBACK
from tests.certificate import made

PLACE = "/admin/registration"
NEW_SECRET = "kQ8~another-secret-value"
APP = {"tenant": "contoso.example", "client_id": simulated.CLIENT_ID, "proof": "secret"}


def kept(portal):
    with portal.reading() as db:
        return registrations.current(db)


def test_every_redirect_address_stands_there_to_be_copied(carol):
    page = carol.get(PLACE)

    listed = [one.get("value") for one in page.all("input", readonly="")]
    assert {CALLBACK, ADMIN_CALLBACK} <= set(listed)


def test_the_secret_is_never_shown_again(carol):
    page = carol.get(PLACE)

    assert page.by_id("secret").get("value") == ""
    assert "One is saved, on 18 November 2026, 10:00" in page.text


def test_an_empty_secret_keeps_the_one_that_is_there(carol, portal):
    carol.submit(carol.get(PLACE), "Save", tenant="contoso.example")

    row = kept(portal)
    assert (row.tenant, row.client_secret) == ("contoso.example", simulated.CLIENT_SECRET)


def test_a_change_is_audited_without_its_secret(carol, portal):
    carol.submit(carol.get(PLACE), "Save", secret=NEW_SECRET)

    with portal.reading() as db:
        noted = db.scalars(select(Audit)).one()
    assert noted.after["credential_replaced"] is True
    assert NEW_SECRET not in json.dumps([noted.before, noted.after])


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("tenant", "", "Enter the tenant"),
        ("tenant", "not a tenant", "domains"),
        ("client_id", "lockstep", "GUID"),
        ("secret", simulated.CLIENT_ID, "secret's ID"),
        ("proof", "handshake", "choice"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(carol, portal, field, value, says):
    page = carol.submit(carol.get(PLACE), "Save", **{field: value})

    assert page.status == 422
    assert says in page.errors[field]
    assert kept(portal).client_secret == simulated.CLIENT_SECRET


def test_a_certificate_replaces_the_secret(carol, portal):
    certificate, key = made()

    carol.post(PLACE, {**APP, "proof": "certificate", "certificate": certificate + key})

    row = kept(portal)
    assert row.client_secret is None
    assert "PRIVATE KEY" not in row.certificate_pem
    assert row.private_key_pem.startswith("-----BEGIN PRIVATE KEY-----")
    assert row.expires_on.isoformat() == "2027-11-18"
    assert "Valid until 2027-11-18" in carol.get(PLACE).text


@pytest.mark.parametrize(
    ("broken", "field", "says"),
    [
        (lambda c, k: ("nonsense", k), "certificate", "no certificate"),
        (lambda c, k: (c, ""), "private_key", "no private key"),
        (lambda c, k: (c, made()[1]), "private_key", "does not belong"),
        (lambda c, k: made(days=-1), "certificate", "ended on"),
        (lambda c, k: made(bits=1024), "certificate", "2048"),
        (lambda c, k: (c, made(passphrase=b"secret")[1]), "private_key", "passphrase"),
    ],
)
def test_a_certificate_that_cannot_work_is_refused(carol, portal, broken, field, says):
    certificate, key = broken(*made())

    page = carol.post(
        PLACE, {**APP, "proof": "certificate", "certificate": certificate, "private_key": key}
    )

    assert page.status == 422
    assert says in page.errors[field]
    assert "PRIVATE KEY-----\n" not in page.body
    assert kept(portal).client_secret == simulated.CLIENT_SECRET


def test_the_test_names_each_thing_it_looked_at(carol, world):
    page = carol.submit(carol.get(PLACE), "Test the connection")

    assert page.fragment
    passed = " ".join(page.texts("li", class_="is-ok"))
    assert "Organisation (tenant)" in passed
    assert "Client id and secret" in passed


def test_a_wrong_secret_is_found_and_kept_out(carol, portal, world):
    page = carol.submit(carol.get(PLACE), "Test the connection", secret="wrong-secret")

    assert "Client id and secret" in " ".join(page.texts("li", class_="is-danger"))
    assert kept(portal).client_secret == simulated.CLIENT_SECRET
    assert kept(portal).tested_at is None


def test_a_test_of_what_is_kept_is_remembered(carol, portal, world):
    carol.submit(carol.get(PLACE), "Test the connection")

    assert kept(portal).tested_at == portal.clock()
    assert "Tested 18 November 2026, 10:00" in carol.get(PLACE).text


def test_a_form_that_cannot_be_tested_says_so_beside_the_button(carol):
    page = carol.submit(carol.get(PLACE), "Test the connection", client_id="lockstep")

    assert page.status == 422
    assert "GUID" in page.text


def test_without_script_the_test_answers_with_the_whole_page(carol, world):
    page = carol.post(f"{PLACE}/test", APP)

    assert page.h1 == "Microsoft registration"
    assert "What the test found" in page.text


def test_the_last_day_of_a_secret_is_kept_and_shown(carol, portal):
    carol.submit(carol.get(PLACE), "Save", secret_ends="2027-05-31")

    assert kept(portal).expires_on.isoformat() == "2027-05-31"
    assert carol.get(PLACE).value("secret_ends") == "2027-05-31"


def test_a_new_secret_without_a_last_day_has_none(carol, portal):
    carol.submit(carol.get(PLACE), "Save", secret_ends="2027-05-31")
    carol.submit(carol.get(PLACE), "Save", secret=NEW_SECRET, secret_ends="")

    assert kept(portal).expires_on is None


@pytest.mark.parametrize("value", ["soon", "2027-13-01", "9999-01-01"])
def test_a_last_day_that_is_none_is_refused(carol, portal, value):
    page = carol.submit(carol.get(PLACE), "Save", secret_ends=value)

    assert page.status == 422
    assert page.errors["secret_ends"]
    assert kept(portal).expires_on is None
