"""Commands for Microsoft's administrators, to be copied: they narrow what the portal may reach."""

from m365.identity import SCOPES, scopes_of_the_app

SCOPE_NAME = "Lockstep mailboxes"
NO_GROUP = "calendars@your-domain"  # in place of a group nobody has named yet


def application_access_policy(client_id: str, group: str, *, inside: str, outside: str) -> str:
    """Exchange Online PowerShell: only the mailboxes of that group."""
    lines = [
        "Connect-ExchangeOnline",
        f"New-ApplicationAccessPolicy -AppId {_text(client_id)} -AccessRight RestrictAccess `",
        f"  -PolicyScopeGroupId {_text(group or NO_GROUP)} -Description 'Lockstep'",
    ]
    lines += [
        f"Test-ApplicationAccessPolicy -AppId {_text(client_id)} -Identity {_text(mailbox)}"
        for mailbox in (inside, outside)
        if mailbox
    ]
    return "\n".join(lines)


def rbac(client_id: str, group: str, *, inside: str, outside: str) -> str:
    """Exchange Online PowerShell: roles for those mailboxes, and no others."""
    app, scope = _text(client_id), _text(SCOPE_NAME)
    lines = [
        "Connect-ExchangeOnline",
        "Connect-MgGraph -Scopes 'Application.Read.All'",
        f'$app = Get-MgServicePrincipal -Filter "appId eq {app}"',
        f"New-ServicePrincipal -AppId {app} -ObjectId $app.Id -DisplayName 'Lockstep'",
        f"$group = Get-Group -Identity {_text(group or NO_GROUP)}",
        f"New-ManagementScope -Name {scope} `",
        "  -RecipientRestrictionFilter \"MemberOfGroup -eq '$($group.DistinguishedName)'\"",
    ]
    lines += [
        f"New-ManagementRoleAssignment -App {app} -Role {_text(permission.exchange_role)} "
        f"-CustomResourceScope {scope}"
        for permission in scopes_of_the_app()
        if permission.exchange_role
    ]
    lines += [
        f"Test-ServicePrincipalAuthorization -Identity {app} -Resource {_text(mailbox)}"
        for mailbox in (inside, outside)
        if mailbox
    ]
    return "\n".join(lines)


def withdrawal(client_id: str) -> str:
    """Microsoft Graph PowerShell: takes back what was granted for every mailbox of the tenant."""
    roles = ", ".join(_text(one.role_id) for one in SCOPES if one.exchange_role)
    return "\n".join(
        (
            "Connect-MgGraph -Scopes 'AppRoleAssignment.ReadWrite.All','Application.Read.All'",
            f'$app = Get-MgServicePrincipal -Filter "appId eq {_text(client_id)}"',
            "Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id -All |",
            f"  Where-Object {{ $_.AppRoleId -in {roles} }} |",
            "  ForEach-Object { Remove-MgServicePrincipalAppRoleAssignment `",
            "    -ServicePrincipalId $app.Id -AppRoleAssignmentId $_.Id }",
        )
    )


def _text(value: str) -> str:
    """As PowerShell takes it literally; a quote within is doubled."""
    return "'" + value.replace("'", "''") + "'"
