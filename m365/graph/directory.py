"""Accounts of a tenant, as application permissions find them."""

from m365 import wire
from m365.errors import BadAnswer
from m365.graph.call import Caller, address, named
from m365.remote import RemoteUser

_FIELDS = "id,displayName,mail,userPrincipalName"
MOST = 5  # of one mail address; more than one is a mistake of somebody's already


class Directory:
    """Every method raises what `m365.errors` names."""

    def __init__(self, call: Caller) -> None:
        self._call = call

    def is_open(self) -> None:
        """Asks for one account, whichever. Raises Forbidden while the permission does not count."""
        self._call.get(address(self._call.base, "users", query={"$top": "1", "$select": "id"}))

    def by_mail(self, mail: str) -> list[RemoteUser]:
        """Those whose mail address it is, at most MOST."""
        asked = mail.replace("'", "''")
        query = {"$filter": f"mail eq '{asked}'", "$select": _FIELDS, "$top": str(MOST)}
        answer = self._call.get(address(self._call.base, "users", query=query))
        try:
            return wire.users_from(answer.body, answer.headers)
        except BadAnswer as error:
            raise named(answer, error) from error
