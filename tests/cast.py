"""The cast: who plays in the tests. Everybody knows everybody; Dave must see nothing of theirs."""

from dataclasses import dataclass
from datetime import UTC, datetime

PASSWORD = "brisk-otter-paints-a-lighthouse"
PORTAL = "http://portal.localhost"
SIMULATOR = "http://simulator.localhost"
CALLBACK = f"{PORTAL}/connect/microsoft/callback"
SIGN_IN_CALLBACK = f"{PORTAL}/sign-in/microsoft/callback"
ADMIN_CALLBACK = f"{PORTAL}/admin/application/authorized"
ORGANISATION = "Contoso"
ZONE = "Europe/Berlin"
MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday


@dataclass(frozen=True, slots=True)
class Role:
    """A part in the play: a person of the portal, with an account of that address at Microsoft."""

    name: str
    address: str
    role: str


CAST = {
    "alice": Role("Alice Ardent", "alice@contoso.example", "member"),
    "bob": Role("Bob Brook", "bob@contoso.example", "member"),
    "carol": Role("Carol Chen", "carol@contoso.example", "admin"),
    "olivia": Role("Olivia Oak", "olivia@contoso.example", "owner"),
    "dave": Role("Dave Dunn", "dave@fabrikam.example", "member"),
}
