"""How the pages of settings show each key: on which page, by which control, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.configuration.choices import CHOICES, Choice

SWITCH, TICK, CARDS, PICK, NUMBER, LINES = "switch", "tick", "cards", "pick", "number", "lines"
INTEGRATIONS, DATA_SYNC = "integrations", "data_sync"


@dataclass(frozen=True, slots=True)
class Shown:
    """`texts`: what stands below a value. `control`: how it is chosen."""

    key: str
    control: str
    text: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""

    @property
    def choice(self) -> Choice:
        return CHOICES[self.key]


_INTEGRATIONS = (
    Shown(
        "enabled",
        SWITCH,
        "People see their Microsoft 365 events here, and a meeting changed on either side appears "
        "on the other.",
    ),
    Shown("service", CARDS),
    Shown("authorize_with", CARDS),
    Shown("setup_by", CARDS),
    Shown(
        "calendar_permission",
        CARDS,
        "The most that people may grant this portal when they connect. Less is always theirs to "
        "choose.",
        {
            "off": "Nobody connects a calendar. Connections there are get notice, and then end.",
            "read": "Outlook events are shown here. Meetings made here stay only here.",
            "read_write": "Meetings made here appear in Outlook, and changes travel both ways.",
        },
    ),
    Shown("contacts_permission", CARDS),
    Shown(
        "allowed_domains",
        LINES,
        "Both the address a person signs in with at Microsoft and the address of the mailbox must "
        "match a domain of the list. A sub-domain is another domain. Empty: every domain is "
        "allowed.",
        hint="One domain a line, such as contoso.com.",
    ),
    Shown(
        "sso_prompt",
        CARDS,
        "One screen after signing in, which offers to connect the calendar. “Not now” always goes "
        "on to the portal.",
    ),
    Shown(
        "grace_days",
        NUMBER,
        "Nobody's connection ends without this notice, given on their profile and by mail. 0 "
        "ends it at once.",
        hint="Days, 0 to 30.",
    ),
)
_DATA_SYNC = (
    Shown(
        "bidirectional",
        TICK,
        "Meetings made here appear in Outlook, and changes travel both ways. Off: Outlook events "
        "are only shown here. People may choose otherwise for themselves unless it is locked.",
    ),
    Shown(
        "sync_version",
        CARDS,
        "How much of people's calendars is read and shown.",
        {
            "1.0": "Meetings only, 30 days ahead. Shown are meetings made here, and those with a "
            "conference link that Outlook made or changed after the person connected. Past events "
            "are never shown.",
            "2.0": "The whole calendar, as far as the coverage below reaches. The past is read "
            "too, the newest first.",
        },
    ),
    Shown(
        "back_months",
        PICK,
        "How far back version 2.0 reaches. Whole quarters are read, so up to three months more "
        "are held.",
    ),
    Shown("forward_months", PICK, "How far ahead version 2.0 reaches, in whole quarters too."),
    Shown(
        "conflict_rule",
        CARDS,
        "Both versions are kept for 30 days and shown on the meeting's page.",
    ),
    Shown(
        "poll_minutes",
        NUMBER,
        "How often Outlook is asked about the months around today. The others are looked at "
        "hourly.",
        hint="Minutes, 1 to 60.",
    ),
)
PAGES: Mapping[str, tuple[Shown, ...]] = {INTEGRATIONS: _INTEGRATIONS, DATA_SYNC: _DATA_SYNC}
TITLES = {INTEGRATIONS: "Integrations", DATA_SYNC: "Data Sync"}
# Keys that have a page of their own: the rollout, Writing to Outlook, the ways of signing in.
ELSEWHERE = frozenset(
    (
        "rollout",
        "rollout_groups",
        "rollout_percent",
        "rollout_paused",
        "dry_run",
        "passwords_off",
    )
)


def shown_on(page: str, *, for_group: bool) -> tuple[Shown, ...]:
    return tuple(one for one in PAGES[page] if not (for_group and one.choice.account_only))
