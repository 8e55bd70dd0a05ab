"""What can be set from outside, each with its default: CASEWARD_ and the name in capitals."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from workflow.addresses import address, link, typed
from workflow.errors import SettingsError
from workflow.json_settings import default_of, has_parts, parts_of, written
from workflow.record.database import file_of, file_url
from workflow.sentence import Sentence
from workflow.sources import FILE, Origin, kept_in, origins, said_by_folder

PREFIX = "CASEWARD_"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        what = Sentence(
            "no_time_zone_write",
            "{value} is no time zone; write one such as {zone}",
            value=repr(name),
            zone="Asia/Shanghai",
        )
        raise ValueError(what) from error
    return name


def _address(value: str) -> str:
    return address(value) if value.strip() else ""


def _link(value: str) -> str:
    return link(value) if value.strip() else ""


def _typed(value: str) -> str:
    return typed(value) if value.strip() else ""


def _token(value: SecretStr) -> SecretStr:
    """The text without the blanks and line ends that come along when it is copied. An error does not quote it."""
    token = value.get_secret_value().strip("\ufeff \t\r\n\x0b\x0c")
    if len(token) > LONGEST_TOKEN:
        raise ValueError(
            Sentence(
                "has_characters_and_no",
                "it has {n} characters, and no header takes more than {most}; copy it anew",
                n=len(token),
                most=LONGEST_TOKEN,
            )
        )
    if not all("!" <= character <= "~" for character in token):
        raise ValueError(
            Sentence(
                "holds_blank_line_end",
                "it holds a blank, a line end or a character that no header carries; copy it anew",
            )
        )
    return SecretStr(token)


def _written_out(value: object) -> object:
    """Raise where it holds what only a shell replaces: it would become the name of a folder."""
    if str(value).startswith("~"):
        raise ValueError(
            Sentence(
                "begins_with_which_shell",
                "begins with ~, which a shell replaces and nothing else; write the whole path",
            )
        )
    return value


def _nothing(value: object) -> object:
    return None if value == "" else value


def _language(value: object) -> object:
    """zh, zh_CN.UTF-8 and zh-Hans become zh-CN, en_GB becomes en, as the command line reads them too."""
    if not isinstance(value, str) or not value:
        return _nothing(value)
    begin = value.partition(".")[0].replace("_", "-").partition("-")[0].lower()
    return {"zh": "zh-CN", "en": "en", "c": "en", "posix": "en"}.get(begin, value)


Address = Annotated[str, AfterValidator(_address)]
Link = Annotated[str, AfterValidator(_link)]
Typed = Annotated[str, AfterValidator(_typed)]
Token = Annotated[SecretStr, AfterValidator(_token)]
LONGEST_TOKEN = 4096
Zone = Annotated[str, AfterValidator(_zone)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]


class Settings(BaseSettings):
    """The engine's own settings, read once at start-up; each system has its own beside them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    data_dir: Annotated[Path, BeforeValidator(_written_out)] = Path("caseward-data")
    database_url: Annotated[str | None, BeforeValidator(_nothing)] = None
    timezone: Zone = "Asia/Shanghai"
    lang: Annotated[Literal["zh-CN", "en"] | None, BeforeValidator(_language)] = None
    """None: as the locale says."""
    chromium: Annotated[Path | None, BeforeValidator(_written_out), BeforeValidator(_nothing)] = None
    """None: the first that is found and proves itself by a launch."""

    systems: Annotated[str | None, BeforeValidator(_nothing)] = None
    """The systems that are on, by name, with commas between them; None: all that are found, or that of `app` alone."""
    app: Annotated[str | None, BeforeValidator(_nothing)] = None
    """A system of one's own, as package.module:name."""

    broker_url: str = "memory://localhost/"
    """Where workers hear of runs; without a server of its own they hear within this process alone."""
    poll_seconds: Seconds = 5
    """How often a worker looks for runs by itself, whatever the broker does."""
    grace_seconds: Annotated[int, Field(ge=0, le=86_400)] = 25
    """How long a worker that is told to stop waits for what is under way to come to its next step."""

    lease_seconds: Annotated[int, Field(ge=15, le=86_400)] = 60
    """Renewed after a third of it. Before what cannot be undone 5 s must be left, even after one late renewal."""
    fact_seconds: Annotated[int, Field(ge=5, le=86_400)] = 60
    action_seconds: Annotated[int, Field(ge=10, le=86_400)] = 120
    """What takes longer is cut off: a call may have left by then, and is in doubt."""
    look_again_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    reconcile_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    """How long after an unknown outcome, in business time, a person is asked."""

    @property
    def database(self) -> str:
        """The database's address: the one set, or a file below the data folder."""
        return self.database_url or file_url(self.data_dir / "caseward.db")

    @property
    def file_elsewhere(self) -> Path | None:
        """The database's file where it is not one of the data folder; None where there is none."""
        return None if self.database_url is None else file_of(self.database_url)

    @property
    def keys(self) -> Path:
        return self.data_dir / "keys.json"

    @property
    def documents(self) -> Path:
        return self.data_dir / "documents"

    @property
    def journal(self) -> Path:
        return self.data_dir / "journal.jsonl"

    @property
    def anchors(self) -> Path:
        return self.data_dir / "anchors.jsonl"

    @property
    def poll(self) -> timedelta:
        return timedelta(seconds=self.poll_seconds)

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.grace_seconds)

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def fact(self) -> timedelta:
        return timedelta(seconds=self.fact_seconds)

    @property
    def action(self) -> timedelta:
        return timedelta(seconds=self.action_seconds)

    @property
    def look_again(self) -> timedelta:
        return timedelta(minutes=self.look_again_minutes)

    @property
    def deadline(self) -> timedelta:
        return timedelta(minutes=self.reconcile_minutes)


def kept_settings(data_dir: Path) -> Path:
    """Where a data folder keeps settings of its own, a line each as in .env.example; the environment counts before."""
    return data_dir / "settings.env"


def read_settings(**given: Any) -> Settings:
    """The settings of the environment and of the data folder; given counts before both.

    Raises SettingsError with variable and cure.
    """
    folder = Path(given.get("data_dir") or _folder())
    found = origins_in(os.environ, folder)
    elsewhere = {field: origin.value for field, origin in found.items() if origin.value is not None}
    try:
        return Settings(**{**elsewhere, "data_dir": folder, **given})
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        raise said_by_folder(misread(problem, Settings, VARIABLES, found), found, kept_settings(folder)) from None


def origins_in(environ: Mapping[str, str], folder: Path) -> dict[str, Origin]:
    """By field, where its value comes from. Raises SettingsError where a file that holds one cannot be read."""
    kept, name = kept_in(kept_settings(folder)), VARIABLES["data_dir"]
    for said in (name, f"{name}{FILE}"):
        if said in kept and (said != name or Path(kept.pop(name)).absolute() != folder.absolute()):
            what = Sentence(
                "stands_in_which_looked",
                "stands in {file}, which is looked for in the data folder itself",
                file=kept_settings(folder),
            )
            raise SettingsError(
                said, what, Sentence("take_out_there_and", "take it out of there, and set it in the environment")
            )
    return origins(VARIABLES, environ, kept)


def _folder() -> str:
    own = origins({"data_dir": VARIABLES["data_dir"]}, os.environ)["data_dir"]
    said = own.value or next((value for name, value in os.environ.items() if name.upper() == own.variable), "")
    return said if said.strip() else str(Settings.model_fields["data_dir"].default)


def _wrong(problem: Mapping[str, Any]) -> Sentence:
    """A problem in the words of our validator, or by the name of its pydantic type."""
    given = problem.get("ctx", {})
    said = given["error"].args[0] if isinstance(given.get("error"), ValueError) and given["error"].args else None
    if isinstance(said, Sentence):
        return said
    told = str(problem["msg"]).removeprefix("Value error, ")
    parts = {name: str(value) for name, value in given.items() if name != "error"}
    english = told[:1].lower() + told[1:]
    return Sentence(
        f"value.{problem['type']}", english.replace("{", "{{").replace("}", "}}") if parts else english, **parts
    )


def misread(
    problem: Mapping[str, Any], model: type[BaseModel], variables: Mapping[str, str], found: Mapping[str, Origin]
) -> SettingsError:
    """The first problem that a settings model names, as an error with variable and cure."""
    field = str(problem["loc"][0]) if problem["loc"] else "settings"
    info = model.model_fields.get(field)
    default = default_of(info) if info is not None and not isinstance(info.default, SecretStr) else None
    default = written(parts_of(default)) if has_parts(default) else default
    usual = (
        Sentence("unset_it", "unset it, or correct it")
        if default in (None, "")
        else Sentence("unset_which_means_or", "unset it, which means {usual}, or correct it", usual=default)
    )
    variable = found[field].variable if field in found else None
    return SettingsError(variable or variables.get(field, field), _wrong(problem), usual)


def unknown_variables(
    environ: Mapping[str, str], kept: Iterable[str] = (), others: Iterable[str] = ()
) -> dict[str, str | None]:
    """Variables that begin as ours do and set nothing, each with the one that is probably meant.

    kept: the names in the settings of the data folder, where every name is meant to set something. others: the
    variables of the systems.
    """
    known = {f"{name}{end}" for name in (*VARIABLES.values(), *others) for end in ("", FILE)} | OTHERS
    strange = {name for name in environ if name.upper().startswith(PREFIX)} | set(kept)
    strange = {name for name in strange if name.upper() not in known}
    return {name: _meant(name.upper(), known - OTHERS) for name in sorted(strange)}


def _meant(name: str, known: Collection[str]) -> str | None:
    if f"{PREFIX}{name}" in known:
        return f"{PREFIX}{name}"
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.8)), None)


OTHERS = frozenset({f"{PREFIX}TEST_POSTGRES", f"{PREFIX}TAG"})
"""Variables of the tests and of docker-compose.yml."""
VARIABLES: Mapping[str, str] = {field: f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
"""The variable of each setting."""
