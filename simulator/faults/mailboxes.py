"""How settings and sharing of mailboxes misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES = (
    Switch(
        "mailboxes.empty_zone",
        "The mailbox has no time zone yet",
        "Until somebody has opened Outlook for the first time, their settings name no time zone.",
        quirks=(22,),
    ),
    Switch(
        "mailboxes.custom_hours",
        "Working hours in a zone without a name",
        "Working hours are given in a 'Customized Time Zone' with offsets in the place of a name.",
        quirks=(22,),
    ),
    Switch(
        "mailboxes.old_sharing",
        "Calendars are shared the old way",
        "A calendar that a colleague shared the old way is listed, but cannot be opened.",
        quirks=(27,),
    ),
)
