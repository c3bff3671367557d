"""What was refused stands in the audit log, in a sentence, and changed nothing."""

import io
import json

import pytest

from tests.blueprints import groups
from tests.blueprints import settings_story as story

LOG = "/admin/audit"
CALLBACK = "/connect/microsoft/callback"


@pytest.fixture
def sales(portal, carol):
    return groups.add(portal, "Sales", "alice", by=carol.person_id)


def logged(carol):
    return " ".join(carol.get(LOG).text.split())


def test_settings_that_contradict_each_other(portal, carol):
    story.choose(carol, "sso_prompt", "every")

    told = logged(carol)

    assert "Carol Chen wanted to change settings of the account to what cannot be" in told
    assert "Settings: Ask users to integrate Office 365 calendar" in told


def test_a_file_of_settings_with_keys_nobody_knows(portal, carol):
    whole = {"format": "lockstep settings", "version": 1, "account": {"x": 1}, "groups": {}}

    for data in (json.dumps(whole).encode(), b"no file of ours"):
        sent = {"file": [(io.BytesIO(data), "settings.json")]}
        assert carol.post("/admin/settings-file/preview", sent).status == 422

    assert logged(carol).count("a file of settings that cannot be imported") == 2


def test_rows_that_cannot_be_imported(portal, carol, sales):
    for data in (b"address\nnobody@contoso.example\nbob\nbob@contoso.example\n", b"\xff\xfe\x00"):
        sent = {"file": [(io.BytesIO(data), "people.csv")]}
        carol.post(f"/admin/groups/{sales}/import", sent)

    told = logged(carol)
    assert "a file of members for the group Sales" in told
    assert ("Rows: 2" in told, "Rows: 1" in told) == (True, True)


@pytest.mark.parametrize("query", ["?state=forged&code=x", "?code=x", ""])
def test_an_answer_of_microsoft_that_nobody_asked_for(portal, carol, alice, query):
    alice.get(CALLBACK + query)

    told = logged(carol)

    assert "Alice Ardent came back from Microsoft without a connection." in told
    assert "state_unknown" in told


@pytest.mark.parametrize("query", ["?state=forged&code=x", "?code=x"])
def test_an_answer_of_a_provider_that_nobody_asked_for(portal, carol, visitor, query):
    visitor.get("/sign-in/microsoft/callback" + query)

    told = logged(carol)

    assert "Somebody came back from a provider and was not let in." in told
    assert "state_unknown" in told
