"""What is registered from the start: two tenants and one application."""

from __future__ import annotations

CONTOSO = "c0a70500-0000-4000-8000-00000000c050"
FABRIKAM = "fab71ca0-0000-4000-8000-0000000000fa"
# The one tenant of all personal accounts; nobody here has one.
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
TENANTS = {
    CONTOSO: ("Contoso", "contoso.example"),
    FABRIKAM: ("Fabrikam", "fabrikam.example"),
    CONSUMERS: ("Personal accounts", "personal.example"),
}

CLIENT_ID = "10c57e90-0000-4000-8000-00000000a990"
CLIENT_SECRET = "simulated-secret"  # noqa: S105 - printed for everyone who tries the demo
APP_NAME = "Lockstep"
REDIRECT_URIS = tuple(
    f"http://{host}:8080{path}"
    for host in ("127.0.0.1", "localhost")
    for path in (
        "/connect/microsoft/callback",
        "/sign-in/microsoft/callback",
        "/admin/application/authorized",
    )
)

# What the application's registration asks for: delegated scopes and application roles.
APP_SCOPES = (
    "openid", "profile", "email", "offline_access", "User.Read", "User.ReadBasic.All",
    "MailboxSettings.Read", "Calendars.ReadWrite", "Contacts.Read",
)  # fmt: skip
APP_ROLES = ("Calendars.ReadWrite", "Contacts.Read", "MailboxSettings.Read", "User.Read.All")

OIDC_SCOPES = ("openid", "profile", "email", "offline_access")
# Scope -> what the consent page says about it.
SCOPES = {
    "openid": "Sign you in",
    "profile": "View your basic profile",
    "email": "View your email address",
    "offline_access": "Maintain access to data you have given it access to",
    "User.Read": "Sign you in and read your profile",
    "User.ReadBasic.All": "Read all users' basic profiles",
    "User.Read.All": "Read all users' full profiles",
    "People.Read": "Read your relevant people list",
    "MailboxSettings.Read": "Read your mailbox settings",
    "MailboxSettings.ReadWrite": "Read and write your mailbox settings",
    "Calendars.ReadBasic": "Read basic details of your calendars",
    "Calendars.Read": "Read your calendars",
    "Calendars.ReadWrite": "Have full access to your calendars",
    "Calendars.Read.Shared": "Read calendars you can access",
    "Calendars.ReadWrite.Shared": "Read and write to calendars you can access",
    "Contacts.Read": "Read your contacts",
    "Contacts.ReadWrite": "Have full access to your contacts",
}
# Application role -> what the page of an administrator's consent says about it.
ROLES = {
    "User.Read.All": "Read all users' full profiles",
    "User.ReadBasic.All": "Read all users' basic profiles",
    "MailboxSettings.Read": "Read all user mailbox settings",
    "MailboxSettings.ReadWrite": "Read and write all user mailbox settings",
    "Calendars.ReadBasic.All": "Read basic details of calendars in all mailboxes",
    "Calendars.Read": "Read calendars in all mailboxes",
    "Calendars.ReadWrite": "Read and write calendars in all mailboxes",
    "Contacts.Read": "Read contacts in all mailboxes",
    "Contacts.ReadWrite": "Read and write contacts in all mailboxes",
}
ADMIN_ONLY_SCOPES = {"User.Read.All"}
