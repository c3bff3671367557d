"""User Management > Groups > Import: a file, what it would do, and doing it."""

import io

import pytest

from portal.configuration import settings
from portal.configuration.settings import Level
from portal.tables import Audit
from tests.blueprints import groups
from tests.rules import watched

LIST = """address,primary
ALICE@contoso.example,no
bob@contoso.example,yes
carol@contoso.example,no
nobody@contoso.example,
bob
bob@contoso.example,yes
=1+1
"""


@pytest.fixture
def sales(portal, carol):
    return groups.add(portal, "Sales", "alice", by=carol.person_id)


def upload(carol, group_id, data):
    file = (io.BytesIO(data if isinstance(data, bytes) else data.encode()), "people.csv")
    return carol.post(f"/admin/groups/{group_id}/import", {"file": [file]})


def test_the_page_says_of_every_row_what_it_would_do(sales, portal, carol):
    groups.add(portal, "Berlin", "bob", by=carol.person_id)

    page = upload(carol, sales, LIST)

    told = [" ".join(text.split()) for text in page.texts("tr")]
    for words in (
        "alice@contoso.example Alice Ardent 2 Is in it already: nothing changes.",
        "bob@contoso.example Bob Brook 3 Is added, and this becomes the primary group.",
        "carol@contoso.example Carol Chen 4 Is added, and this becomes the primary group.",
        "nobody@contoso.example 5 Nobody in this portal signs in with this address.",
        "bob 6 This is not an e-mail address.",
        "bob@contoso.example 7 It is in the file twice: line 3 has it already.",
        "=1+1 8 It begins as a formula does. Put the address alone into the cell.",
    ):
        assert words in told
    assert "4 rows cannot be imported" in page.text
    assert groups.names(portal, sales) == ["Alice Ardent"]


def test_the_right_rows_are_imported_at_the_second_press(sales, portal, carol):
    groups.add(portal, "Berlin", "bob", by=carol.person_id)

    page = carol.submit(upload(carol, sales, LIST), "Import 2 people")

    assert "2 people were added" in page.notices[0]
    assert groups.names(portal, sales) == ["Alice Ardent", "Bob Brook", "Carol Chen"]
    assert groups.primary(portal, "bob") == sales
    with portal.reading() as db:
        rows = [(row.act, row.after) for row in db.query(Audit).order_by(Audit.id)]
    assert ("members imported", {"people": 2}) in rows
    assert [act for act, _ in rows].count("member added") == 4  # two of them by import
    assert ("primary group chosen", "Sales") in rows


def test_or_nothing_is_imported(sales, portal, carol):
    page = carol.follow(upload(carol, sales, LIST), "Import nothing")

    assert page.path == f"/admin/groups/{sales}"
    assert groups.names(portal, sales) == ["Alice Ardent"]


def test_who_would_lose_the_integration_is_counted_first(sales, portal, carol):
    with portal.writing() as db:
        by, now = carol.person_id, portal.clock()
        settings.choose(db, "enabled", True, by=by, now=now)
        settings.choose(db, "enabled", False, level=Level(group_id=sales), by=by, now=now)

    page = upload(carol, sales, "bob@contoso.example\ndave@fabrikam.example\n")

    assert "For 2 people other settings hold then. 2 people lose the integration" in page.text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "holds no addresses"),
        (b"\x00\x01\x02", "not a text file"),
        (b"a@x.example\n" * 5001, "5,001 rows"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
    ],
    ids=["empty", "binary", "long", "large"],
)
def test_a_file_that_is_no_list_is_refused_at_the_field(data, says, sales, carol):
    page = upload(carol, sales, data)

    assert page.status == 422
    assert says in page.errors["file"]


def test_no_file_and_far_too_large_a_file_are_refused(sales, carol):
    nothing = carol.post(f"/admin/groups/{sales}/import", {})
    assert (nothing.status, nothing.errors["file"]) == (422, "Choose a file.")

    assert upload(carol, sales, b"x" * (3 * 1024 * 1024)).status == 413
    assert carol.post("/admin/groups", {"name": "x" * (300 * 1024)}).status == 413


@pytest.mark.parametrize("chosen", ["", "1;2", "-1", "1 " * 5001, "9" * 30])
def test_a_confirmation_that_no_page_sent_imports_nothing(chosen, sales, portal, carol):
    page = carol.post(f"/admin/groups/{sales}/import/confirm", {"chosen": chosen})

    assert page.status == 422
    assert "Upload the file again" in page.errors["file"]
    assert groups.names(portal, sales) == ["Alice Ardent"]


def test_who_went_or_joined_meanwhile_does_no_harm(sales, portal, carol):
    chosen = f"999 {carol.person_id}* {carol.person_id}"
    for expected in ("1 person was", "0 people were"):
        page = carol.post(f"/admin/groups/{sales}/import/confirm", {"chosen": chosen})
        assert expected in page.notices[0]

    assert groups.names(portal, sales) == ["Alice Ardent", "Carol Chen"]


def test_thousands_are_seen_and_imported_with_as_many_statements_as_few(portal, carol):
    group_id = groups.add(portal, "All", by=carol.person_id)
    addresses = groups.crowd(portal, 1500)
    engines = portal.app.extensions["lockstep"].database
    carol.get("/admin/groups")
    counts = []
    for part in (addresses[:2], addresses[2:]):
        with watched(engines._readers) as asked, watched(engines.write_engine) as written:
            page = upload(carol, group_id, "\n".join(part))
            carol.submit(page, f"Import {len(part)} people", follow=False)
        counts.append((len(asked), len(written)))

    assert len(groups.names(portal, group_id)) == 1500
    assert counts[1][0] == counts[0][0]
    assert counts[1][1] == counts[0][1]
