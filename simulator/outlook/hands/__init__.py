"""The hands of people at Outlook: what the pages and the tests do to mailboxes directly.

`events`, `contacts` and `sharing` are ordinary use; `oddities` happens beside it.
"""

from __future__ import annotations

from simulator.outlook.hands.contacts import ContactHand
from simulator.outlook.hands.events import EventHand
from simulator.outlook.hands.oddities import OddHand
from simulator.outlook.hands.sharing import SharingHand


class Hand(EventHand, ContactHand, SharingHand, OddHand):
    """Everything people do by hand."""
