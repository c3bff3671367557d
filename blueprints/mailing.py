"""A mail that goes while a person waits, because what it holds may be kept nowhere."""

from email.message import EmailMessage

from blueprints import mail_problems
from blueprints.edge import parts, reading
from outside import MailProblem
from portal.mailing import mail_settings


def send_now(message: EmailMessage) -> str | None:
    """Hands it to the mail server. None: it was taken; else why not, as a sentence. Nothing is
    open meanwhile, and it is tried once.
    """
    with reading() as db:
        server = mail_settings.server_of(db)
    if server is None:
        return "No mail server is set up."
    try:
        parts().outside.mail(server, message)
    except MailProblem as problem:
        return mail_problems.words(problem.code)
    return None
