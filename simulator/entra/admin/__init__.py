"""The admin centres of Entra and Exchange: what administrators do, without the network.

`applications` are registered, granted and removed; `reach` says which mailboxes they come to;
`accounts` are disabled, signed out, left without a mailbox.
"""

from __future__ import annotations

from simulator.entra.admin.accounts import Accounts
from simulator.entra.admin.applications import Applications
from simulator.entra.admin.reach import Reach


class AdminCentre(Applications, Reach, Accounts):
    """Everything administrators do."""
