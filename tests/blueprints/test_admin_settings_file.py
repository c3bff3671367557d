"""Export and import of settings: a file, every difference seen first, all of it or nothing."""

import io
import json

import pytest

from portal import policy
from portal.configuration import settings
from portal.configuration.settings import ACCOUNT, Level
from portal.staff import groups as nouns
from portal.tables import Audit
from tests.blueprints import groups
from tests.cast import PASSWORD

PLACE = "/admin/settings-file"


@pytest.fixture
def sales(portal, carol):
    return groups.add(portal, "Sales", "alice", by=carol.person_id)


def choose(portal, key, value, *, group=None, lock=None):
    level = Level(group_id=group)
    with portal.writing() as db:
        told = {"level": level, "by": 1, "now": portal.clock()}
        settings.choose(db, key, value, **told)
        if lock is not None:
            settings.lock(db, key, reason=lock, **told)


def exported(carol):
    return json.loads(carol.post(f"{PLACE}/export").body)


def upload(carol, told):
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    return carol.post(f"{PLACE}/preview", {"file": [(io.BytesIO(data), "settings.json")]})


def file(account=None, groups=None, **others):
    whole = {"format": "lockstep settings", "version": 1, **others}
    return whole | {"account": account or {}, "groups": groups or {}}


def wrong(page):
    """Place -> what is wrong there, as the page lists it."""
    found = {}
    for words in page.all("div", class_="row-words"):
        title, small = words.findall(".//div[@class='row-title']"), words.findall(".//small")
        found[title[0].text] = small[0].text
    return found


def audited(portal):
    with portal.reading() as db:
        acts = [row.act for row in db.query(Audit).order_by(Audit.id)]
    return [act for act in acts if act != "settings exported"]


def test_what_was_exported_comes_back_whole(sales, portal, carol):
    choose(portal, "back_months", 2, lock="The works council")
    choose(portal, "conflict_rule", "portal", group=sales)
    choose(portal, "bidirectional", False, group=sales, lock="Quiet")
    choose(portal, "rollout_groups", [sales])
    kept = exported(carol)
    with portal.writing() as db:
        told = {"by": 1, "now": portal.clock()}
        settings.unlock(db, "back_months", level=ACCOUNT, **told)
        settings.inherit(db, "conflict_rule", level=Level(group_id=sales), **told)
        settings.inherit(db, "bidirectional", level=Level(group_id=sales), **told)
    choose(portal, "forward_months", 3, group=sales)
    choose(portal, "rollout_groups", [])
    choose(portal, "back_months", 5)

    page = carol.submit(upload(carol, kept), "Import all of it")

    assert "7 changes are in the audit log" in page.notices[0]
    assert exported(carol) == kept
    assert audited(portal)[-1] == "settings imported"
    assert upload(carol, kept).text.count("There is nothing to import") == 1


def test_every_difference_is_seen_first_and_nothing_is_stored(sales, stage, alice, portal, carol):
    stage.connect(alice, "alice")
    stage.rest()
    before, told = exported(carol), audited(portal)

    page = upload(carol, file({"sync_version": {"value": "1.0"}, "poll_minutes": {"value": 9}}))

    assert "The account: Version 2.0 → Version 1.0" in page.text
    assert "The account: 5 minutes → 9 minutes" in page.text
    assert "1 person changes to version 1.0" in page.text
    assert (exported(carol), audited(portal)) == (before, told)


@pytest.mark.parametrize(
    ("sent", "says"), [("", "Enter your password."), ("wrong", "This is not your password.")]
)
def test_without_the_password_no_file_is_given(portal, sent, says):
    carol = portal.signed_in("carol", lately=False)
    page = carol.submit(carol.get(PLACE), "Download the settings", own_password=sent)

    assert (page.status, says in page.text) == (422, True)
    assert page.headers["Content-Type"].startswith("text/html")
    assert carol.get(f"{PLACE}/export").status in (404, 405)


def test_taking_the_settings_along_is_in_the_log(stage, carol):
    exported(carol)

    [row] = stage.rows(Audit)
    assert (row.person_id, row.act) == (carol.person_id, "settings exported")


def test_the_file_holds_no_secret_and_no_person(portal, sales):
    carol = portal.signed_in("carol", lately=False)
    choose(portal, "back_months", 2, lock="The works council")

    text = carol.submit(carol.get(PLACE), "Download the settings", own_password=PASSWORD).body

    assert "Carol" not in text
    assert "secret" not in text
    assert json.loads(text)["account"]["back_months"] == {
        "value": 2,
        "locked": True,
        "reason": "The works council",
    }


def test_a_group_under_a_lock_of_the_account_keeps_its_own(sales, portal, carol):
    choose(portal, "back_months", 2, group=sales)
    choose(portal, "back_months", 4, lock="")

    kept = exported(carol)

    assert "Sales" not in kept["groups"] or kept["groups"]["Sales"] == {}
    assert "nothing to import" in upload(carol, kept).text


@pytest.mark.parametrize(
    ("told", "place", "says"),
    [
        (file({"speed": {"value": 1}}), "account > speed", "no such setting"),
        (file(groups={"Moon": {}}), "groups > Moon", "no group of this name"),
        (file(groups={"Sales": {}, "SALES": {}}), "groups > SALES", "twice"),
        (file({"back_months": {"value": 7}}), "account > back_months > value", "7: Choose one"),
        (file({"back_months": {"value": "2"}}), "account > back_months > value", "Choose one"),
        (file({"back_months": 2}), "account > back_months", "in braces"),
        (file({"back_months": {}}), "account > back_months", "no value"),
        (file({"back_months": {"value": 2, "x": 1}}), "account > back_months > x", "not belong"),
        (
            file({"back_months": {"value": 2, "locked": 1}}),
            "account > back_months > locked",
            "true or false",
        ),
        (
            file({"back_months": {"value": 2, "reason": "Why"}}),
            "account > back_months > reason",
            "no lock",
        ),
        (
            file({"poll_minutes": {"value": 2, "locked": True}}),
            "account > poll_minutes",
            "cannot be locked",
        ),
        (
            file(groups={"Sales": {"poll_minutes": {"value": 9}}}),
            "groups > Sales > poll_minutes",
            "whole account only",
        ),
        (
            file(
                {"back_months": {"value": 2, "locked": True}},
                {"Sales": {"back_months": {"value": 1}}},
            ),
            "groups > Sales > back_months",
            "same file locks",
        ),
        (
            file({"rollout_groups": {"value": ["Moon"]}}),
            "account > rollout_groups > value",
            "no group",
        ),
        (file({"rollout": {"value": "groups"}}), "account > rollout", "no group is chosen"),
        (
            file({"allowed_domains": {"value": ["not a domain"]}}),
            "account > allowed_domains > value",
            "is not a domain",
        ),
        (
            file({"sso_prompt": {"value": "every"}}),
            "account > sso_prompt",
            "Nobody could follow the prompt",
        ),
        (file({"passwords_off": {"value": True}}), "account > passwords_off", "locked out"),
        (file(color="red"), "color", "does not belong"),
        (
            b'{"format": "lockstep settings", "version": 1, "account": {"a": 1, "a": 2}}',
            "a",
            "stands twice",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_done(
    told, place, says, sales, portal, carol
):
    before, noted = exported(carol), audited(portal)

    page = upload(carol, told)

    assert page.status == 422
    assert says in wrong(page)[place]
    assert (exported(carol), audited(portal)) == (before, [*noted, "settings import refused"])


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (b"", "not JSON: line 1"),
        (b'{\n"format": }', "line 2, column 11"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"\xff\xfe\x00", "cannot be read as JSON"),
        (b'{"format": NaN}', "cannot be read as JSON"),
        (b"[]", "no file of settings"),
        (file(format="other"), "no file of settings"),
        (file(version=2), "the file says 2"),
        (file(version=True), "the file says true"),
        (b" " * (256 * 1024 + 1), "larger than 256 kB"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_what_is_no_file_of_settings_is_refused_at_the_field(told, says, carol):
    page = upload(carol, told)

    assert page.status == 422
    assert says in page.errors["file"]


def test_what_changed_meanwhile_is_shown_again_before_anything_is_imported(portal, carol):
    page = upload(carol, file({"back_months": {"value": 1}, "forward_months": {"value": 9}}))
    choose(portal, "forward_months", 4)

    again = carol.submit(page, "Import all of it")

    assert again.status == 422
    assert "Something was changed here" in again.text
    assert "4 months → 9 months" in again.text
    with portal.reading() as db:
        assert policy.of_account(db)["back_months"].value == 6
    assert "2 changes" in carol.submit(again, "Import all of it").text


def test_a_confirmation_that_no_page_sent_imports_nothing(portal, carol):
    wanted = json.dumps(file({"back_months": {"value": 1}}))
    for form in ({}, {"text": wanted}, {"text": wanted, "seen": "x"}):
        assert carol.post(f"{PLACE}/import", form).status == 422

    assert audited(portal) == ["settings import refused"]  # the first, which has no text at all


def test_a_group_gets_exactly_what_the_file_says_and_others_stay(sales, portal, carol):
    berlin = groups.add(portal, "Berlin", by=carol.person_id)
    for group in (sales, berlin):
        choose(portal, "back_months", 1, group=group)

    wanted = file(groups={"sales": {"forward_months": {"value": 3}}})
    carol.submit(upload(carol, wanted), "Import all of it")

    with portal.reading() as db:
        held = [
            {key: row.value for key, row in settings.at(db, Level(group_id=one)).items()}
            for one in (sales, berlin)
        ]
        assert nouns.find(db, sales).name == "Sales"
    assert held == [{"forward_months": 3}, {"back_months": 1}]
