"""The client of each remote that speaks HTTP, on the address of the settings, and what asks whether it is the one."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from adapters.bureau.site_probe import SiteProbe
from adapters.http import Http
from adapters.probes import Listing
from states.jobs import Probe
from workflow.settings import Settings

PORTAL = "portal"
SPEAK_HTTP = (PORTAL, "generator", "records", "sms")


def client_of(settings: Settings, name: str, **options: Any) -> Http | None:
    """None where its address is not set: the cases that need it wait, and say so."""
    if not (address := getattr(settings, f"{name}_url")):
        return None
    token: SecretStr | None = getattr(settings, f"{name}_token", None)
    return Http(name, address, token=token.get_secret_value() if token else None, **options)


def probe_of(http: Http) -> Probe:
    """What asks the remote whether it is itself, and well."""
    return SiteProbe(PORTAL, http) if http.adapter == PORTAL else Listing(http.adapter, http)
