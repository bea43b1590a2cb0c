"""The child process that draws: what it is started with, and what is heard of what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jena_planner.scene import job


def test_a_second_blender_leaves_the_users_folders_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLENDER_USER_RESOURCES", "/home/planner/blender")
    monkeypatch.setenv("BLENDER_USER_EXTENSIONS", "/home/planner/extensions")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    variables = job.environment(tmp_path)
    assert {name: value for name, value in variables.items() if name.startswith("BLENDER_USER")} == {
        "BLENDER_USER_RESOURCES": str(tmp_path / "blender")
    }
    assert (tmp_path / "blender").is_dir()  # Blender takes no folder that does not exist
    assert variables["LANG"] == "de_DE.UTF-8"


def test_what_blender_says_by_itself_is_passed_over() -> None:
    lines = [
        "Blender 4.3.2",
        "",
        "12",
        '"words"',
        "{half",
        '{"share": 0.5, "what": "drawing"}',
        '{"finished": "a.png"}',
        '{"done": true}',
        "after",
    ]
    child = subprocess.Popen([sys.executable, "-c", f"print({chr(10).join(lines)!r})"], stdout=subprocess.PIPE, text=True)
    heard: list[object] = []
    assert job._listen(child, lambda share, what: heard.append((share, what)), heard.append)
    child.communicate()
    assert heard == [(0.5, "drawing"), Path("a.png")]


def test_a_child_that_ends_too_early_is_quoted_with_its_error() -> None:
    log = "Traceback\n  File x\nTypeError: no such item\nError: script failed, expr: '\nimport sys\n', exiting.\n"
    assert job._last_word(log) == "TypeError: no such item"
    assert job._last_word("Killed") == "Killed"
    assert job._last_word("") == "no word"
