"""Which tenant an address of Entra means."""

from __future__ import annotations

from simulator.directory import App, Tenant
from simulator.entra.errors import EntraRefused
from simulator.registration import CONSUMERS
from simulator.world import World

ANY = ("common", "organizations")


def tenant_named(world: World, name: str) -> Tenant | None:
    """The tenant with this id or domain; None for `common` and `organizations`."""
    if name.lower() in ANY:
        return None
    if name.lower() == "consumers":
        return world.tenants[CONSUMERS]
    for tenant in world.tenants.values():
        if name.lower() in (tenant.id, tenant.domain):
            return tenant
    raise EntraRefused(90002, f"Tenant '{name}' not found.")


def app_named(world: World, client_id: str | None) -> App:
    """The application with this client id."""
    if not client_id:
        raise EntraRefused(900144, "client_id")
    app = world.apps.get(client_id)
    if app is None:
        raise EntraRefused(700016, f"Application with identifier '{client_id}' was not found.")
    if not app.enabled:
        raise EntraRefused(70001)
    return app


def check_audience(app: App, tenant: Tenant | None) -> None:
    """A single-tenant application belongs at its own tenant's address, none at `consumers`."""
    if tenant is not None and tenant.id == CONSUMERS:
        raise EntraRefused(9002332, f"Application '{app.client_id}' ({app.name}).")
    if app.only_tenant is None:
        return
    if tenant is None:
        raise EntraRefused(50194)
    if tenant.id != app.only_tenant:
        raise EntraRefused(700016)


def issuer(base: str, tenant: Tenant | None) -> str:
    """The issuer, a template where the address names no tenant."""
    return f"{base}/{tenant.id if tenant else '{tenantid}'}/v2.0"
