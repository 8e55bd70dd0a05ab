"""What `from workflow import …` gives: the same objects as in their rooms, all of them, and nothing read too early."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import workflow


def test_every_public_name_stands_in_its_room_and_in_the_imports_for_types() -> None:
    tree = ast.parse(Path(workflow.__file__).read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    typed = {(node.module, name.name) for node in imports for name in node.names}
    rooms = {(room, name) for room, names in workflow.ROOMS.items() for name in names}
    assert rooms == {pair for pair in typed if str(pair[0]).startswith("workflow.")}
    assert sorted(name for _, name in rooms) == sorted(workflow.__all__)


@pytest.mark.parametrize("name", workflow.__all__)
def test_a_public_name_is_the_one_of_its_room(name: str) -> None:
    (room,) = (room for room, names in workflow.ROOMS.items() if name in names)
    assert getattr(workflow, name) is getattr(import_module(room), name)


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="'workflow' has no attribute 'Nothing'"):
        _ = workflow.Nothing  # type: ignore[attr-defined]


def test_reading_the_package_reads_no_room() -> None:
    code = "import sys, workflow; print([name for name in sys.modules if name.startswith('workflow.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
