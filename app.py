"""Puts things together: create_app(settings, outside), and the command line."""

import logging
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
import demo
from blueprints import edge, pages
from jobs.timetable import Timetable
from m365 import transport
from m365.identity import Identity
from m365.identity.oidc import OpenId
from outside import Outside
from portal import accounts, people, restored, rotation, schema
from portal.database import Database
from portal.sealing import Keyring, NoKey, read_keys
from portal.signing_in import passwords
from server import Server
from sync.access import Gate
from sync.live import Inbox, Live
from sync.probe import Probe

log = logging.getLogger("lockstep")

ROOT = Path(__file__).parent
LARGEST_FORM = 256 * 1024
JOBS = "lockstep-jobs"


def version() -> str:
    """The top heading of the changelog."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("## ").split()[0] for line in lines if line.startswith("## "))


def keyring_of(settings: config.Settings) -> Keyring:
    """Raises NoKey."""
    return Keyring(settings.seal_keys or read_keys(settings.key_file))


def database_of(settings: config.Settings) -> Database:
    """Raises NoKey."""
    return Database(settings.database_url, keyring_of(settings), durable=settings.durable)


def create_app(settings: config.Settings, outside: Outside) -> Flask:
    """The portal's pages over a database that is at head. Raises NoKey."""
    app = lay_out_pages(settings)
    furnish(app, database_of(settings), settings, outside)
    return app


def lay_out_pages(settings: config.Settings) -> Flask:
    """The pages, with nothing behind them yet. Raises NoKey."""
    app = Flask("lockstep", root_path=str(ROOT))
    secrets = keyring_of(settings).derived("session cookies")
    app.config.update(
        SECRET_KEY=secrets[0],
        SECRET_KEY_FALLBACKS=secrets[1:],
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,
        METRICS_TOKEN=settings.metrics_token,
    )
    pages.lay_out(app, entra_base=settings.entra_base)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def furnish(app: Flask, database: Database, settings: config.Settings, outside: Outside) -> None:
    """Puts behind the pages what they work with."""
    http = transport.client(outside.http)
    identity = Identity(http, settings.entra_base, clock=outside.clock)
    asks = settings.notices == "on"
    gate = Gate(database, outside, http, identity, settings.graph_base, notices=asks)
    app.extensions[edge.EXTENSION] = edge.Parts(
        database=database,
        outside=outside,
        identity=identity,
        open_id=OpenId(http, clock=outside.clock),
        live=Live(gate),
        probe=Probe(gate),
        inbox=Inbox(database, outside),
        version=version(),
    )
    app.extensions[JOBS] = Timetable(database, outside, gate)


def prepare_data(settings: config.Settings, outside: Outside) -> Database:
    """Folder, schema and the account row. Raises NoKey and CannotOpen."""
    database = database_of(settings)
    with schema.explained(database):
        database.make_file()
        schema.bring_to_head(database, now=outside.clock())
        with database.writing() as db:
            accounts.prepare(db)
        restored.count_up(database, now=outside.clock())
    return database


def offer_setup(database: Database, outside: Outside) -> str | None:
    """A fresh one-time token while the portal is new; None once it is set up."""
    with database.writing() as db:
        if accounts.is_set_up(db):
            return None
        token = outside.secrets()
        accounts.issue_setup_token(db, token)
        return token


def serve(settings: config.Settings, outside: Outside) -> None:
    """Pages, notices and, unless JOBS=off, the jobs, until SIGTERM or SIGINT."""
    Server(
        make_app=lambda: create_app(settings, outside),
        start_beside=lambda app: start_beside(app, jobs=settings.jobs == "on"),
        bind=settings.bind,
        threads=settings.web_threads,
    ).run()


def start_beside(app: Flask, *, jobs: bool) -> Callable[[], None]:
    """What runs beside the pages; answers how to stop it."""
    inbox: Inbox = app.extensions[edge.EXTENSION].inbox
    inbox.start()
    timetable = start_jobs(app) if jobs else None

    def stop() -> None:
        inbox.stop()
        if timetable is not None:
            timetable.stop()

    return stop


def start_jobs(app: Flask) -> Timetable:
    timetable: Timetable = app.extensions[JOBS]
    timetable.start()
    return timetable


@click.group(invoke_without_command=True, help="Lockstep: meetings and Microsoft 365 in step.")
@click.pass_context
def cli(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        context.invoke(run)


def settings_or_end() -> config.Settings:
    """Ends the process with one sentence where a variable is wrong."""
    try:
        settings = config.load()
    except config.WrongSetting as error:
        raise click.ClickException(str(error)) from None
    logging.basicConfig(
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    for chatty in ("apscheduler", "httpx2", "httpcore2", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return settings


def begin() -> tuple[config.Settings, Outside, Database]:
    """What every command needs. Ends the process with one sentence where it cannot be had."""
    settings, outside = settings_or_end(), Outside()
    try:
        return settings, outside, prepare_data(settings, outside)
    except (NoKey, schema.CannotOpen) as error:
        raise click.ClickException(str(error)) from None


@cli.command(help="Serve the portal (the default).")
def run() -> None:
    settings, outside, database = begin()
    if token := offer_setup(database, outside):
        click.echo(f"This portal is new. Open /setup and enter this one-time token:\n\n  {token}\n")
    click.echo(f"Lockstep {version()} listens on http://{settings.bind}")
    database.close()
    serve(settings, outside)


@cli.command(help="Run the jobs alone, beside web processes started with JOBS=off.")
def jobs() -> None:
    settings, outside, database = begin()
    database.close()
    timetable = start_jobs(create_app(settings, outside))
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    timetable.stop()


@cli.command(help="Bring the database to this version's schema, then end.")
def migrate() -> None:
    _settings, _outside, database = begin()
    click.echo(f"The database {database.path} is at this version's schema.")


@cli.command("restored", help="Say that the database was restored together with its folder.")
def say_restored() -> None:
    _settings, outside, database = begin()
    with database.writing() as db:
        restored.note_restored(db, now=outside.clock())
    click.echo("Every calendar is read first; nothing is written before people have seen the plan.")


@cli.command("new-key", help="Write a first sealing key for a portal without data.")
def new_key() -> None:
    settings = settings_or_end()
    try:
        rotation.first_key(settings.key_file, settings.database_url)
    except NoKey as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Wrote {settings.key_file}. Keep a copy apart from the backups of the database.")


@cli.command("rotate-key", help="Seal every secret anew with a new key (stop the portal first).")
def rotate_key() -> None:
    settings, outside, database = begin()
    if settings.seal_keys:
        raise click.ClickException(
            "SEAL_KEYS is set; rotation works on a key file (SEAL_KEYS_FILE)."
        )
    try:
        count = rotation.rotate(database, settings.key_file, now=outside.clock())
    except rotation.PortalRuns as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Sealed {count} values anew. The former key stays second in {settings.key_file};")
    click.echo("delete that line once no backup needs it.")


@cli.command("create-owner", help="Add an owner, or give an existing person a new password.")
@click.option("--address", prompt="E-mail address")
@click.option("--name", prompt="Name")
@click.password_option()
def create_owner(address: str, name: str, password: str) -> None:
    _settings, outside, database = begin()
    problem = people.unfit(address=address, name=name)
    if problem := problem or passwords.weakness(password, address=address):
        raise click.ClickException(problem)
    with database.writing() as db:
        people.make_owner(db, address=address, name=name, password=password, now=outside.clock())
    click.echo(f"{people.normal_address(address)} can sign in as owner, with this password.")


@cli.command("demo", help="A portal with sample people beside a simulated Microsoft 365.")
@click.option("--simulator-port", default=8365, envvar="SIMULATOR_PORT", show_default=True)
@click.option("--simulator", default="simulator", envvar="SIMULATOR", show_default=True)
def show(simulator_port: int, simulator: str) -> None:
    given = settings_or_end()
    logging.getLogger().setLevel(logging.WARNING)  # the screen is for the addresses
    # Two names of this machine: cookies know hosts but not ports, and these stay apart.
    portal, folder = f"http://127.0.0.1:{given.port}", given.instance / "demo"
    demo.begin_anew(folder)
    rotation.first_key(folder / "seal.keys", f"sqlite:///{folder / 'lockstep.db'}")
    try:
        with demo.microsoft(simulator, simulator_port, [portal]) as microsoft:
            settings = config.Settings(
                instance=folder,
                database_url="",
                seal_keys=(),
                seal_keys_file=None,
                bind=given.bind,
                durable="normal",
                entra_base=microsoft,
                graph_base=f"{microsoft}/v1.0",
            )
            outside = Outside()
            database = prepare_data(settings, outside)
            with database.writing() as db:
                demo.fill(db, public_address=portal, now=outside.clock())
            database.close()
            click.echo(demo.words(public_address=portal, microsoft_address=microsoft))
            serve(settings, outside)
    except demo.CannotShow as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    cli()
