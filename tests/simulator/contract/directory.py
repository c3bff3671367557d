"""Every address of people and mailbox settings, below {owner}."""

from __future__ import annotations

from tests.simulator.contract.case import Case

EVENTUAL = {"ConsistencyLevel": "eventual"}
SELECTED = "id,proxyAddresses,otherMails,preferredLanguage,mailboxSettings,accountEnabled"
IANA = "(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')"
SETTINGS = {
    "timeZone": "GMT Standard Time",
    "language": {"locale": "de-DE"},
    "workingHours": {"startTime": "07:30:00", "timeZone": {"name": "GMT Standard Time"}},
    "automaticRepliesSetting": {"status": "alwaysEnabled", "internalReplyMessage": "Away"},
}
FORMS = {"sourceIdType": "restImmutableEntryId", "targetIdType": "restId"}

CASES = [
    Case("GET", "{owner}"),
    Case("GET", f"{{owner}}?$select={SELECTED}"),
    Case("GET", "/users"),
    Case("GET", '/users?$search="displayName:ali" OR "mail:bob"&$count=true', headers=EVENTUAL),
    Case("GET", "{owner}/people?$search=ali"),
    Case("GET", "{owner}/mailboxSettings"),
    Case("PATCH", "{owner}/mailboxSettings", SETTINGS),
    Case("GET", "{owner}/mailboxSettings/timeZone"),
    Case("GET", "{owner}/outlook/supportedTimeZones"),
    Case("GET", f"{{owner}}/outlook/supportedTimeZones{IANA}"),
    Case("GET", "{owner}/calendar", keep={"calendar": "id"}),
    Case("POST", "{owner}/translateExchangeIds",
         {"inputIds": ["{calendar}", "nonsense"], **FORMS}),
]  # fmt: skip
