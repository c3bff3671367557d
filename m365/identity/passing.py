"""What passes by itself right after a consent."""

from m365.errors import Forbidden, Later, MicrosoftError

# The consent, and the application in a tenant where it is new, take seconds to minutes to be
# known everywhere at Microsoft: learn.microsoft.com/troubleshoot/entra, on AADSTS65001, 700016.
_NOT_EVERYWHERE_YET = frozenset(("AADSTS65001", "AADSTS700016"))


def is_passing(error: MicrosoftError) -> bool:
    """Whether redeeming the same code again may go well; only right after a consent."""
    return isinstance(error, Later) or error.code in _NOT_EVERYWHERE_YET


def is_passing_for_the_app(error: MicrosoftError) -> bool:
    """The same after an administrator's consent, of what the portal itself is allowed then."""
    return is_passing(error) or isinstance(error, Forbidden)
