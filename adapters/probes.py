"""How a remote is asked whether it is well: by a question that it answers and no other system does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.elsewhere import PerhapsElsewhere
from adapters.http import Http
from adapters.lists import rows
from adapters.replies import NotJson
from workflow.errors import Drifted, NotSent, Refused
from workflow.sentence import Sentence

NOBODYS = {"title": "接口健康检查", "version": "V0"}
"""A title and version that nobody files."""
LISTS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "generator": ("orders", "orders", NOBODYS),
    "records": ("api/codes", "codes", NOBODYS),
    "sms": ("messages", "messages", {"reference": "health/0/nobody"}),
}
"""Where each system lists what is its own, what the list is called, and what nobody has in it."""


@dataclass(frozen=True)
class Listing:
    """Whether a system lists what is its own. Of what nobody has there the list is empty, and must say so.

    A system that answers without a list is not well; one that does not know the list is another system.
    """

    name: str
    http: Http

    async def ask(self) -> None:
        """Raises RemoteError, with the words for the person who set the address."""
        step, (path, listed, asked) = "health", LISTS[self.name]
        try:
            found = rows(self.http, step, await self.http.ask(step, path, fixed=True, **asked), listed, **asked)
        except PerhapsElsewhere:
            raise
        except (Drifted, Refused) as error:
            raise PerhapsElsewhere(self.name, step, error.why, setting=self.http.setting) from error
        except NotSent as error:
            if not isinstance(error.__cause__, NotJson):
                raise
            raise PerhapsElsewhere(self.name, step, error.why, setting=self.http.setting) from error
        if found:
            why = Sentence("lists_too_much", "it lists {n} {listed} of what nobody has", n=len(found), listed=listed)
            raise Drifted(self.name, step, why)
