"""What this house refuses is nowhere in it, and each refusal sees what it is for."""

import re

import pytest

from tests.house.refusals import (
    clock_readings,
    demonstrations,
    doubles_and_waits,
    evaluations,
    machine_paths,
    own_causes,
    shown_variables,
    unordered_cases,
)
from tests.house.source import OURS, Module, modules, texts


def test_only_the_clock_and_the_outside_world_read_a_clock() -> None:
    """Adapters may measure the span of a browser's or a request's deadline, never the time of day."""
    found = [
        reading
        for module in modules(*OURS)
        if module.name != "workflow.clock" and not module.name.startswith("caseward.sandbox.")
        for reading in clock_readings(module, deadlines=module.top == "adapters")
    ]
    assert found == []


def test_no_text_becomes_code_and_no_bytes_become_objects() -> None:
    assert [found for module in modules() for found in evaluations(module)] == []


def test_no_log_line_shows_the_values_of_variables() -> None:
    assert [found for module in modules(*OURS) for found in shown_variables(module)] == []


@pytest.mark.parametrize("code", ["log.exception('x')", "log.error('x', exc_info=error)", "logging.exception('x')"])
def test_a_log_line_that_shows_variables_is_seen(code: str) -> None:
    assert len(shown_variables(Module("caseward/app/event_loop.py", code))) == 1


def test_no_error_is_raised_from_itself() -> None:
    assert [found for module in modules() for found in own_causes(module)] == []


@pytest.mark.parametrize("raised", ["error", "told or error", "error if told is None else told", "(a or b) or error"])
def test_an_error_that_is_its_own_cause_is_seen(raised: str) -> None:
    assert len(own_causes(Module("workflow/errors.py", f"raise {raised} from error"))) == 1
    assert own_causes(Module("workflow/errors.py", f"raise Told({raised}) from error")) == []


def test_tests_use_no_mocks_and_never_sleep() -> None:
    assert [found for module in modules("tests") for found in doubles_and_waits(module)] == []


def test_the_cases_of_a_test_have_an_order() -> None:
    assert [found for module in modules("tests") for found in unordered_cases(module)] == []


@pytest.mark.parametrize("given", ["{1, 2}", "set(names)", "set(names) - {1}", "{name for name in names}"])
def test_cases_from_a_set_are_seen(given: str) -> None:
    assert (
        len(unordered_cases(Module("tests/test_x.py", f"@pytest.mark.parametrize('n', {given})\ndef t(n): ..."))) == 1
    )


def test_engine_flows_and_adapters_do_not_know_that_they_are_demonstrated() -> None:
    """The door alone, `system`, brings what is for a demonstration, and nothing else imports that."""
    known = re.compile(r".*\.(system|demonstration)(\..*)?")
    product = [one for one in modules("workflow", "states", "adapters") if not known.fullmatch(one.name)]
    assert [found for module in product for found in demonstrations(module)] == []


def test_no_file_names_a_folder_of_one_machine_or_a_registry() -> None:
    assert [found for path, text in texts().items() for found in machine_paths(path, text)] == []


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nat = datetime.now(UTC)",
        "import datetime\nat = datetime.datetime.now()",
        "from datetime import datetime as moment\nat = moment.utcnow()",
        "from datetime import date\nday = date.today()",
        "import time\nat = time.time()",
        "import time as t\nat = t.perf_counter()",
        "from time import monotonic\nat = monotonic()",
        "from datetime import datetime\nclock = datetime.now",
    ],
)
def test_a_clock_reading_is_seen(code: str) -> None:
    assert len(clock_readings(Module("workflow/x.py", code))) == 1


@pytest.mark.parametrize(
    "code", ["at = clock.now()", "at = loop.time()", "import time\nzone = time.tzname", "def f(time): return time.hour"]
)
def test_time_that_comes_in_as_an_argument_is_no_clock_reading(code: str) -> None:
    assert clock_readings(Module("workflow/x.py", code)) == []


def test_an_adapter_measures_a_deadline_but_does_not_tell_the_time() -> None:
    span = Module("adapters/x.py", "import time\nbegan = time.monotonic()")
    day = Module("adapters/x.py", "import time\nbegan = time.time()")
    assert clock_readings(span, deadlines=True) == []
    assert len(clock_readings(day, deadlines=True)) == 1


@pytest.mark.parametrize(
    "code", ["eval('1')", "exec(text)", "import pickle", "from pickle import loads", "compile(a, b, c)"]
)
def test_an_evaluation_is_seen(code: str) -> None:
    assert len(evaluations(Module("workflow/x.py", code))) >= 1


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1)",
        "await asyncio.sleep(0.1)",
        "from unittest.mock import Mock",
        "import unittest.mock",
    ],
)
def test_a_mock_and_a_sleep_are_seen(code: str) -> None:
    assert len(doubles_and_waits(Module("tests/x.py", code))) >= 1


def test_letting_others_run_is_no_sleep() -> None:
    assert doubles_and_waits(Module("tests/x.py", "await asyncio.sleep(0)")) == []


@pytest.mark.parametrize(
    "line", ["if demo:", "SANDBOX = 1", "await http.post(base + '/control/clock')", "# for the demonstration"]
)
def test_a_word_of_the_demonstration_is_seen(line: str) -> None:
    assert len(demonstrations(Module("adapters/x.py", line))) == 1


@pytest.mark.parametrize("line", ["chromium_sandbox=True", "sandboxed = False", "democracy", "access_control = 1"])
def test_other_words_are_let_through(line: str) -> None:
    assert demonstrations(Module("adapters/x.py", line)) == []


@pytest.mark.parametrize("folder", ["work", "tmp", "root", "home/somebody"])
def test_a_machine_path_is_seen(folder: str) -> None:
    assert len(machine_paths("x.md", f"look in /{folder}/there")) == 1


def test_a_path_of_a_site_is_no_machine_path() -> None:
    assert machine_paths("x.md", "GET https://example.com/work/1 and {base}/tmp/2") == []
