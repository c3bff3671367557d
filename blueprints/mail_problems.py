"""Why a mail was not taken, in words for whoever looks after the mail server."""

PROBLEMS = {
    "unknown_host": (
        "There is no server of this name.",
        "Check the server's name, and that this machine can look names up.",
    ),
    "refused": (
        "The server refused the connection.",
        "Nothing listens at this port, or a firewall is in the way. Check server and port.",
    ),
    "unreachable": (
        "The server could not be reached.",
        "Check the server's name, and that this machine may open connections to it.",
    ),
    "timeout": (
        "The server did not answer in time.",
        (
            "The port may be wrong or closed by a firewall; with TLS and STARTTLS mixed up a "
            "server keeps silent as well."
        ),
    ),
    "greeting": (
        "The server does not take connections now.",
        "It may not be a mail server, or it turns this machine away. Check server and port.",
    ),
    "lost": (
        "The server ended the connection in the middle.",
        (
            "Try again. If it stays so, check port and security: a server for TLS ends one that "
            "begins in the open."
        ),
    ),
    "certificate": (
        "The server's certificate is not trusted.",
        (
            "It may have expired, be made out for another name, or come from an authority this "
            "machine does not know. Use the name in the certificate, or have it renewed."
        ),
    ),
    "no_tls": (
        "The server does not speak TLS at this port.",
        "Choose STARTTLS, usually with port 587, or the port for TLS, usually 465.",
    ),
    "no_starttls": (
        "The server does not offer STARTTLS.",
        "Choose TLS, usually with port 465, or ask whoever runs the server.",
    ),
    "no_authentication": (
        "The server does not let anybody sign in at this port.",
        (
            "Leave out user name and password if it takes mail from this machine, or use its port "
            "for sending, usually 587."
        ),
    ),
    "authentication": (
        "The server did not accept user name and password.",
        (
            "Enter both again. Many providers ask for an app password, or for sending by SMTP to "
            "be allowed for the mailbox."
        ),
    ),
    "sign_in_needed": (
        "The server wants a user name and a password.",
        "Enter those of the mailbox that the portal sends from.",
    ),
    "sender": (
        "The server does not accept the sender's address.",
        "Use an address that the user name may send from.",
    ),
    "recipient": (
        "The server does not deliver to the recipient's address.",
        "Check the address. Some servers deliver only within their own domains without a sign-in.",
    ),
    "rejected": (
        "The server refused the mail.",
        "Its rules turned it away. The number of its answer helps whoever runs the server.",
    ),
}
UNKNOWN = ("The mail was not taken.", "The log has the reason.")


def words(code: str) -> str:
    """What happened and what to do; with the number of the server's answer where it gave one."""
    name, _, reply = code.partition(" ")
    what, todo = PROBLEMS.get(name, UNKNOWN)
    return f"{what} {todo}" + (f" (SMTP {reply})" if reply else "")
