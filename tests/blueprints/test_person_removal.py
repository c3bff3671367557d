"""Deleting a person: what it means is said, their address is typed, Microsoft keeps everything."""

from portal import people
from portal.tables import Audit, Connection, Meeting
from tests.cast import CAST, PASSWORD

ALICE = CAST["alice"].address


def test_the_page_says_what_goes_and_what_stays(stage, carol, alice, bob):
    stage.connect(alice, "alice")
    stage.rest()
    stage.schedule("alice", "Salary of Bob", invitees=[CAST["bob"].address])
    stage.rest()
    stage.schedule("alice", "Not sent yet")

    said = carol.get(f"/admin/people/{alice.person_id}/delete").text

    assert "2 meetings go, 2 of them still ahead" in said
    assert "1 meeting ahead stays in their calendar in Outlook" in said
    assert "1 address keeps the invitation. Nobody gets mail" in said
    assert "1 change is not sent to Outlook any more" in said
    assert f"under number {alice.person_id}, without name and address" in said
    assert "Salary" not in said


def test_nothing_goes_before_the_address_is_typed(carol, alice, portal):
    page = carol.get(f"/admin/people/{alice.person_id}/delete")

    again = carol.submit(page, "Delete for good", address="alice@contoso.exampel")

    assert again.status == 422
    assert again.errors["address"] == f"Type {ALICE} to confirm. Nothing was deleted."
    with portal.reading() as db:
        assert people.by_address(db, ALICE) is not None


def test_a_deleted_person_is_gone_here_and_nothing_in_outlook(stage, carol, alice, visitor):
    stage.connect(alice, "alice")
    stage.rest()
    stage.schedule("alice", "Planning", invitees=[CAST["bob"].address])
    stage.rest()
    mails, events = len(stage.world.mails), titles(stage)

    page = carol.submit(
        carol.get(f"/admin/people/{alice.person_id}/delete"), "Delete for good", address=ALICE
    )
    stage.look()

    assert "Alice Ardent was deleted. Their events stay in Outlook." in page.notices
    assert alice.get("/profile").path == "/sign-in"
    assert visitor.post("/sign-in", {"address": ALICE, "password": PASSWORD}).status == 422
    assert (stage.rows(Meeting), stage.rows(Connection)) == ([], [])
    assert (len(stage.world.mails), titles(stage)) == (mails, events)
    last = stage.rows(Audit)[-1]
    assert (last.act, last.subject) == ("person deleted", f"person {alice.person_id}")


def test_the_address_can_be_used_anew(carol, alice, portal):
    carol.post(f"/admin/people/{alice.person_id}/delete", {"address": f" {ALICE.upper()} "})

    page = carol.post(
        "/admin/people/new", {"name": "Alice Again", "address": ALICE, "role": "member"}
    )

    assert page.h1 == "Alice Again can sign in"


def test_whoever_deletes_themselves_is_signed_out(carol):
    page = carol.post(f"/admin/people/{carol.person_id}/delete", {"address": CAST["carol"].address})

    assert page.path == "/sign-in"


def titles(stage):
    return sorted(str(event["subject"]) for event in stage.world.events("alice"))
