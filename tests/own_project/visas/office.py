"""The visa office as an installation knows it: CASEWARD_APP=office:system."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from centre import HOURS, HttpCentre
from visas import Centre, flow

from adapters.http import Http
from workflow import Remote
from workflow.system import Opened, Opening, System, SystemSettings


class OfficeSettings(SystemSettings):
    url: str = ""


@asynccontextmanager
async def opened(given: Opening[OfficeSettings]) -> AsyncIterator[Opened]:
    http = Http("centre", given.settings.url)
    try:
        yield Opened(HttpCentre(http))
    finally:
        await http.close()


system = System(
    "visas",
    "签证",
    "Visas",
    flows=(flow,),
    remotes=(Remote("centre", Centre, calendar=HOURS, needs=("url",), opens=opened, notes_sending=True),),
    settings=OfficeSettings,
    people=frozenset({"applicant"}),
)
