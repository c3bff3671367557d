"""Microsoft's kit keeps an address book: contacts, folders, and what changed in them."""

import pytest
from msgraph import GraphServiceClient
from msgraph.generated.models.contact import Contact
from msgraph.generated.models.contact_folder import ContactFolder
from msgraph.generated.models.email_address import EmailAddress

from tests.foreign.kit import kit
from tests.foreign.someone import Someone

pytestmark = pytest.mark.anyio


@pytest.fixture
def graph(bob: Someone) -> GraphServiceClient:
    return kit(bob.base, bob.consented(bob.client())["access_token"])


def kim() -> Contact:
    """Somebody to write down."""
    address = EmailAddress(address="kim@partner.example", name="Kim")
    return Contact(given_name="Kim", surname="Lind", email_addresses=[address])


async def test_a_contact_is_written_down_changed_and_struck_out(graph: GraphServiceClient) -> None:
    made = await graph.me.contacts.post(kim())
    assert made is not None
    assert made.id is not None
    one = graph.me.contacts.by_contact_id(made.id)

    changed = await one.patch(Contact(job_title="Buyer"))
    listed = await graph.me.contacts.get()
    await one.delete()

    assert changed is not None
    assert (changed.job_title, changed.given_name) == ("Buyer", "Kim")
    assert changed.email_addresses is not None
    assert changed.email_addresses[0].address == "kim@partner.example"
    assert listed is not None
    assert listed.value


async def test_a_folder_tells_what_changed_in_it(graph: GraphServiceClient) -> None:
    folder = await graph.me.contact_folders.post(ContactFolder(display_name="Carriers"))
    assert folder is not None
    assert folder.id is not None
    contacts = graph.me.contact_folders.by_contact_folder_id(folder.id).contacts
    first = await contacts.delta.get()
    assert first is not None
    assert first.value == []
    assert first.odata_delta_link is not None

    made = await contacts.post(kim())
    second = await contacts.delta.with_url(first.odata_delta_link).get()

    assert made is not None
    assert second is not None
    assert [(each.id, each.surname) for each in second.value or ()] == [(made.id, "Lind")]
