"""Subscriptions of one mailbox: what makes Microsoft tell us of changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from m365 import wire
from m365.errors import Gone, Refused
from m365.graph.call import Caller, address
from m365.remote import RemoteSubscription
from m365.transport import Answer

MOST_PAGES = 100  # an application may have 1000 of one mailbox, ten on a page


class Subscriptions:
    """Those of this application for one mailbox. Every method raises what `m365.errors` names."""

    def __init__(self, call: Caller, root: tuple[str, ...]) -> None:
        self._call = call
        self.resource = "/".join((*root, "events"))

    def listed(self) -> list[RemoteSubscription]:
        """All that watch the events of this mailbox."""
        found = self._call.gathered(
            self._at(), lambda answer: wire.subscriptions_from(answer.body), most=MOST_PAGES
        )
        return [one for one in found if one.resource.casefold() == self.resource.casefold()]

    def create(
        self, *, to: str, life_to: str, client_state: str, until: datetime
    ) -> RemoteSubscription:
        """Microsoft calls both addresses before it answers: nothing may be held meanwhile. It may
        also have made the subscription where no answer came: see `listed`.
        """
        fields = wire.subscription_payload(
            self.resource, address=to, life_address=life_to, client_state=client_state, until=until
        )
        return _read(self._call.post(self._at(), fields))

    def renew(self, subscription_id: str, *, until: datetime) -> RemoteSubscription:
        """Lives longer, and on the token of this call. Raises Gone."""
        with _missing_means_gone():
            fields = wire.renewal_payload(until)
            return _read(self._call.patch(self._at(subscription_id), fields, if_match=None))

    def delete(self, subscription_id: str) -> None:
        """Raises Gone when it was so already."""
        with _missing_means_gone():
            self._call.delete(self._at(subscription_id), if_match=None)

    def _at(self, *steps: str) -> str:
        return address(self._call.base, "subscriptions", *steps)


def _read(answer: Answer) -> RemoteSubscription:
    return wire.subscription_from(answer.body)


@contextmanager
def _missing_means_gone() -> Iterator[None]:
    # The code of a 404 here is one that elsewhere says that a person has no mailbox.
    try:
        yield
    except Refused as error:
        if error.status != 404:
            raise
        raise Gone(error.code, status=error.status, request_id=error.request_id) from error
