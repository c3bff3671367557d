"""Microsoft's kit subscribes, is told of changes, renews and ends."""

from datetime import UTC, datetime, timedelta

import pytest
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.subscription import Subscription

from tests.foreign.kit import kit
from tests.foreign.receiver import receiving
from tests.foreign.someone import Someone, control
from tests.foreign.test_graph_kit import lunch

pytestmark = pytest.mark.anyio
PATIENCE = 20  # seconds


def wish(address: str, until: datetime) -> Subscription:
    """To be told of every change of one's own events."""
    return Subscription(
        change_type="created,updated,deleted",
        resource="me/events",
        notification_url=address,
        client_state="a secret",
        expiration_date_time=until,
    )


async def test_a_subscription_brings_what_changes(alice: Someone) -> None:
    graph = kit(alice.base, alice.consented(alice.client())["access_token"])
    soon = datetime.now(UTC) + timedelta(hours=2)
    with receiving() as received:
        made = await graph.subscriptions.post(wish(received.address, soon))
        event = await graph.me.events.post(lunch())
        control(alice.base, "notices/deliver", {})
        told = received.notifications.get(timeout=PATIENCE)

        assert made is not None
        assert made.id is not None
        assert event is not None
        assert (told["subscriptionId"], told["clientState"]) == (made.id, "a secret")
        assert told["changeType"] == "created"
        assert told["resourceData"]["id"] == event.id

        one = graph.subscriptions.by_subscription_id(made.id)
        renewed = await one.patch(Subscription(expiration_date_time=soon + timedelta(hours=1)))
        await one.delete()

    assert renewed is not None
    assert renewed.expiration_date_time == soon + timedelta(hours=1)
    left = await graph.subscriptions.get()
    assert left is not None
    assert left.value == []


async def test_an_address_that_does_not_answer_is_refused(alice: Someone) -> None:
    graph = kit(alice.base, alice.consented(alice.client())["access_token"])
    nobody = "http://127.0.0.1:9/hooks"

    with pytest.raises(ODataError) as refused:
        await graph.subscriptions.post(wish(nobody, datetime.now(UTC) + timedelta(hours=1)))

    assert refused.value.response_status_code == 400
