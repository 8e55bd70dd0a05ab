"""What `caseward doctor` looks at for the browser: a Chromium that starts, and letters for Chinese pages."""

from __future__ import annotations

from caseward.console.commands.browser.chromium import Found, cjk_fonts, found
from caseward.console.commands.system.findings import Finding, Mark
from workflow.settings import Settings


async def browser(settings: Settings) -> list[Finding]:
    """Cases that need none go on without one."""
    answer = await found(settings)
    if not isinstance(answer, Found):
        first = answer.tried[0].reason if answer.tried else ""
        mark = Mark.ill if settings.chromium else Mark.mind
        return [Finding("browser", mark, "none", {"why": first}, "none.cure")]
    return [Finding("browser", Mark.well, "well", {"version": answer.version, "source": answer.source})]


async def fonts() -> list[Finding]:
    count = len(await cjk_fonts())
    if not count:
        return [Finding("fonts", Mark.mind, "none", {}, "none.cure")]
    return [Finding("fonts", Mark.well, "well", {"n": count})]
