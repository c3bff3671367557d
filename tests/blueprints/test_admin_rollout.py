"""Admin > Account Settings > Mail & Calendar > Rollout of 2.0."""

import pytest

from portal import connections
from portal.configuration import settings
from portal.configuration.resolution import place
from portal.tables import Audit, Connection
from tests.blueprints import settled
from tests.browse import Browser
from tests.page import Page, words
from tests.stage import Stage

PAGE = "/admin/rollout"


@pytest.fixture
def both(stage: Stage, alice: Browser, bob: Browser) -> Stage:
    """Alice and Bob are connected, in version 2.0."""
    stage.connect(alice, "alice")
    stage.connect(bob, "bob")
    stage.rest()
    return stage


def counted(page: Page) -> dict[str, int]:
    """The numbers of the progress part."""
    found = {}
    for one in page.by_id("rollout-progress").iter("div"):
        what, number = one.find("dt"), one.find("dd/strong")
        if what is not None and number is not None:
            found[words(what)] = int(words(number))
    return found


def saves(carol: Browser, **choices: object) -> Page:
    """Both presses; ends on the page with what was said."""
    asked = carol.submit(carol.get(PAGE), "Save", **choices)
    return carol.submit(asked, "Save") if "What saving does" in asked.text else asked


def versions(stage: Stage) -> list[str]:
    return [one.sync_version for one in stage.rows(Connection)]


def test_it_says_first_who_changes_version_and_saves_at_the_second_press(
    both: Stage, carol: Browser
) -> None:
    asked = carol.submit(carol.get(PAGE), "Save", rollout="nobody")
    kept = carol.get(PAGE).one("input", name="rollout", value="everyone")

    saved = carol.submit(asked, "Save")

    assert "5 people change to version 1.0: Alice Ardent, Bob Brook, Carol Chen" in asked.text
    assert "Not saved yet" in asked.text
    assert "2 people have a connected calendar" in asked.text
    assert kept.get("checked") is not None
    assert saved.notices[0] == "Saved. 5 people change version."
    assert "rollout" in {row.subject for row in both.rows(Audit)}


def test_there_and_back_the_next_round_has_the_new_version(both: Stage, carol: Browser) -> None:
    saves(carol, rollout="nobody")
    going = counted(carol.get(PAGE))
    both.rest()
    gone, back = versions(both), counted(carol.get(PAGE))

    saves(carol, rollout="everyone")
    coming = counted(carol.get(PAGE))
    both.rest()

    assert (going["Going back"], going["Reached"]) == (2, 0)
    assert (gone, back["Going back"]) == (["1.0", "1.0"], 0)
    assert (coming["Still to come"], coming["Upgraded"]) == (2, 0)
    assert versions(both) == ["2.0", "2.0"]
    assert counted(carol.get(PAGE))["Upgraded"] == 2


def test_a_percentage_reaches_whom_it_says(both: Stage, carol: Browser) -> None:
    half = [person for person in ("alice", "bob") if place(both.person_id(person)) < 50]

    saves(carol, rollout="percent", rollout_percent="50")
    both.rest()

    assert versions(both).count("2.0") == len(half)


def test_chosen_groups_reach_their_people_only(both: Stage, carol: Browser) -> None:
    sales = settled.group_with(both, "Sales", "alice")

    page = saves(carol, rollout="groups", rollout_groups=[str(sales)])
    both.rest()

    assert "change version" in page.notices[0]
    assert versions(both) == ["2.0", "1.0"]


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ({"rollout": "groups"}, "Choose at least one group."),
        ({"rollout": "percent", "rollout_percent": "101"}, "Enter a whole number from 0 to 100."),
        ({"rollout": "percent", "rollout_percent": ""}, "Enter a whole number from 0 to 100."),
        ({"rollout": "percent", "rollout_percent": "half"}, "Enter a whole number from 0 to 100."),
        ({"rollout": "some"}, "Not a valid choice"),
        ({"rollout": "groups", "rollout_groups": "999"}, "not a valid choice"),
    ],
)
def test_wrong_input_is_said_at_the_field_and_nothing_is_stored(
    choices: dict[str, str], problem: str, stage: Stage, carol: Browser
) -> None:
    page = carol.post(PAGE, choices)

    assert page.status == 422
    assert problem in page.text
    with stage.database.reading() as db:
        assert settings.of_account(db) == {}


def test_what_is_not_asked_for_does_not_stand_in_the_way(stage: Stage, carol: Browser) -> None:
    asked = carol.post(PAGE, {"rollout": "nobody", "rollout_percent": "many"})

    assert "change to version 1.0" in asked.text


def test_paused_it_reaches_nobody_new_and_takes_nobody_out(both: Stage, carol: Browser) -> None:
    paused = carol.submit(carol.get(PAGE), "Pause")
    both.look()
    kept = versions(both)
    both.connect(carol, "carol")
    both.rest()

    assert "The rollout is paused." in paused.notices[0]
    assert kept == ["2.0", "2.0"]
    assert versions(both)[2] == "1.0"
    carol.submit(carol.get(PAGE), "Go on")
    both.rest()
    assert versions(both) == ["2.0"] * 3


def test_rolling_back_says_first_whom_it_reaches(both: Stage, carol: Browser) -> None:
    asked = carol.submit(carol.get(PAGE), "Roll back")
    before = versions(both)

    carol.submit(asked, "Save")
    both.rest()

    assert "5 people change to version 1.0" in asked.text
    assert (before, versions(both)) == (["2.0", "2.0"], ["1.0", "1.0"])
    assert "Roll back" not in carol.get(PAGE).texts("button")


def test_who_cannot_be_upgraded_is_named_with_the_cause(both: Stage, carol: Browser) -> None:
    both.world.revoke("alice")
    both.world.expire_access_tokens("alice")
    both.look()

    page = carol.get(PAGE)

    assert counted(page)["Failed"] == 1
    assert "AADSTS" in words(page.by_id("rollout-progress"))
    assert page.link("Alice Ardent") == f"/admin/people/{both.person_id('alice')}"


def test_a_blocked_connection_counts_as_failed(both: Stage, carol: Browser) -> None:
    settled.choose(both, "grace_days", 0)
    settled.choose(both, "allowed_domains", ["fabrikam.example"])

    page = carol.get(PAGE)

    assert counted(page)["Failed"] == 2
    assert "Their address is outside the allowed domains." in page.text


@pytest.mark.parametrize(
    ("rollout", "said"),
    [
        ({"rollout": "nobody"}, "The rollout reaches nobody."),
        ({"rollout": "percent", "rollout_percent": 0}, "from {place} % on they have 2.0"),
        ({"rollout": "groups"}, "They are in no group that the rollout reaches."),
        ({"rollout_paused": True}, "The rollout is paused, so it reaches nobody new."),
        ({}, "The rollout reaches everyone."),
    ],
)
def test_it_is_told_why_somebody_has_their_version(
    rollout: dict[str, object], said: str, stage: Stage, carol: Browser
) -> None:
    for key, value in rollout.items():
        settled.choose(stage, key, value)

    page = carol.get(f"{PAGE}?q=alice")

    at = place(stage.person_id("alice")) + 1
    assert said.format(place=at) in words(page.by_id("why"))
    assert f"Version {'1.0' if rollout else '2.0'}" in words(page.by_id("why"))


def test_a_locked_one_is_told_with_its_reason(stage: Stage, carol: Browser) -> None:
    settled.choose(stage, "sync_version", "1.0")
    with stage.database.writing() as db:
        by, now = stage.person_id("carol"), stage.now
        settings.lock(db, "sync_version", reason="The works council", by=by, now=now)

    said = words(carol.get(f"{PAGE}?q=alice").by_id("why"))

    assert "Version 1.0 is locked for the whole account by Carol Chen" in said
    assert "Reason: The works council." in said


def test_nobody_of_that_name_is_said(carol: Browser) -> None:
    assert "Nobody has “zzz”" in carol.get(f"{PAGE}?q=zzz").text


def test_an_effect_that_has_changed_meanwhile_is_shown_again(both: Stage, carol: Browser) -> None:
    asked = carol.submit(carol.get(PAGE), "Save", rollout="nobody")
    sales = settled.group_with(both, "Sales", "bob")
    settled.choose(both, "sync_version", "1.0", group=sales)

    again = carol.submit(asked, "Save")

    assert "4 people change to version 1.0" in again.text


def test_the_part_that_is_asked_again_is_for_administrators(alice: Browser, carol: Browser) -> None:
    assert alice.get("/live/admin/rollout", htmx=True).status == 404
    assert "Upgraded" in carol.get("/live/admin/rollout", htmx=True).text


def test_what_it_would_do_is_told_while_choosing(both: Stage, carol: Browser) -> None:
    told = carol.post(f"{PAGE}/effect", {"rollout": "nobody"}, htmx=True)
    silent = carol.post(f"{PAGE}/effect", {"rollout": "everyone"}, htmx=True)

    assert "5 people change to version 1.0" in told.text
    assert "What saving does" not in silent.text
    assert [one.state for one in both.rows(Connection)] == [connections.CONNECTED] * 2
