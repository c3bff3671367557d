"""Signing in at any provider of OpenID Connect that describes itself by discovery."""

from m365.identity.oidc.client import OpenId, Provider
from m365.identity.oidc.id_token import ProviderUser

__all__ = ["OpenId", "Provider", "ProviderUser"]
