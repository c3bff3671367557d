"""How Entra ID and access to mailboxes misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

ACCESS = (
    Switch(
        "access.policy",
        "The mailbox is blocked by an application access policy",
        "Every call for the mailbox is refused: 403 ErrorAccessDenied, “Access to OData is "
        "disabled”.",
    ),
    Switch(
        "access.no_mailbox",
        "The mailbox is not reachable",
        "As without an Exchange Online licence, or with a mailbox on the organisation’s own "
        "server: 404 MailboxNotEnabledForRESTAPI.",
    ),
    Switch(
        "access.challenge",
        "A new sign-in is demanded in the middle (continuous access evaluation)",
        "A token that is still valid is refused: 401 with a claims challenge in WWW-Authenticate.",
    ),
    Switch(
        "access.burst",
        "A call in a burst is refused",
        "One of many calls at the same time gets 403 ErrorAccessDenied though nothing was taken "
        "away; give it a number of times.",
    ),
    Switch(
        "access.withdrawn",
        "Tokens have lost permissions",
        "An administrator took permissions away; calls that need them are refused with 403.",
        kind="choice",
        default="nothing",
        choices=("nothing", "calendars", "contacts", "settings", "everything"),
    ),
)

SWITCHES: tuple[Switch, ...] = ACCESS
