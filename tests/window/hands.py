"""Mouse, keys and eyes for a Blender in a window, and a side channel that says what is in it.

`JENA_PLANNER_BLENDER_WINDOW` names a program: `PROGRAM blender ARG…` runs Blender without a window, `PROGRAM drive SCRIPT` a bash
script beside a screen of 1600x900 with `blender`, `xdotool` and ImageMagick's `import` on its PATH; the folder it is called from is
/project there, and /tmp is the same inside and out. The extension is installed there as a user does it: from a zip.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from jena_planner.packaging import extension

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1600, 900)
PATIENCE = 90.0  # seconds that anything may take: the screen is drawn without a graphics card

HELD = {"ctrl": "Control_L", "shift": "Shift_L"}
TABS = ((1308, 267), (1308, 352))  # the sidebar's tab, in English and below the longer words of German
SIDEBAR = (90, 800)  # from here down to there
VIEWPORT = (600, 640)  # a place in the viewport that nothing lies over


def program() -> str:
    """The program that has the window."""
    return os.environ["JENA_PLANNER_BLENDER_WINDOW"]


def build(folder: Path) -> Path:
    """The zip of the extension for that Blender, made in a folder."""
    blender = folder / "blender"
    blender.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))} && exec {shlex.quote(program())} blender "$@"\n', encoding="utf-8")
    blender.chmod(0o755)
    [made] = extension.build(folder, blender)["zips"]
    return Path(made["path"])


class Screen:
    """A screen on which Blenders can be started, a mouse and a keyboard."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jena-planner-window-", dir="/tmp"))
        made = build(self.folder)
        self.process = subprocess.Popen(
            [program(), "drive", "tests/window/drive.sh"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.shots = 0
        self.environment = {"BLENDER_USER_RESOURCES": str(self.folder / "user"), "HOME": str(self.folder), "TMPDIR": str(self.folder)}
        # Debian's Blender brings a PROJ of its own beside pyproj's, and now and then the two fall over each other when it has done
        # all and ends: what it says counts, not how it ends. That it is enabled shows when the first window asks for its modules.
        said = self.shell(f"{self.setting()} blender -b --command extension install-file --repo user_default --enable {made} 2>&1; true")
        if 'STATUS Installed "jena_planner"' not in said:
            raise RuntimeError(f"the extension was not installed: {said}")
        made.unlink()

    def setting(self, **more: str) -> str:
        """The start of a line that runs a Blender with user folders of its own."""
        return "env " + " ".join(f"{name}={shlex.quote(value)}" for name, value in {**self.environment, **more}.items())

    def shell(self, line: str) -> str:
        """Do a line there and return what it says; raises RuntimeError when it fails."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        said: list[str] = []
        for answer in self.process.stdout:
            if answer.startswith("DONE "):
                if answer.split()[1] != "0":
                    raise RuntimeError(f"{line}: {''.join(said)}")
                return "".join(said)
            said.append(answer)
        raise RuntimeError(f"the screen has gone while doing: {line}")

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- mouse and keys ---

    def move(self, x: int, y: int) -> None:
        self.shell(f"xdotool mousemove {x} {y} && sleep 0.15")

    def click(self, x: int, y: int) -> None:
        self.shell(f"xdotool mousemove {x} {y} && sleep 0.2 && xdotool click 1 && sleep 0.3")

    def keys(self, *names: str) -> None:
        """Press keys one after the other; "ctrl+z" with Ctrl held."""
        for name in names:
            self.shell(f"xdotool key {name} && sleep 0.15")
            for held in name.split("+")[:-1]:  # let go once more: a busy window misses it, and then takes clicks for others
                self.shell(f"sleep 0.3 && xdotool key {HELD[held]} && sleep 0.1")

    def type(self, text: str) -> None:
        self.shell(f"xdotool type --delay 25 -- {shlex.quote(text)} && sleep 0.2")

    def look(self, keep: Path | None = None) -> np.ndarray[Any, Any]:
        """What is on the screen, (900, 1600, 3). keep : also as a file."""
        self.shots += 1
        path = self.folder / f"{self.shots}.png"
        self.shell(f"import -window root {path}")
        picture = Image.open(path).convert("RGB")
        if keep is not None:
            picture.save(keep)
        return np.asarray(picture).astype(int)

    def settle(self) -> None:
        """Have the window drawn anew: it is drawn only after something has happened."""
        for x, y in ((VIEWPORT[0], VIEWPORT[1]), (VIEWPORT[0] + 9, VIEWPORT[1] + 9), VIEWPORT):
            self.move(x, y)
            time.sleep(0.6)
        time.sleep(1.0)


class Blender:
    """A Blender in a window on a screen."""

    def __init__(self, screen: Screen, *words: str, language: str = "en_US") -> None:
        self.screen, self.watch = screen, Path(tempfile.mkdtemp(prefix="watch-", dir=screen.folder))
        self.log = self.watch / "log.txt"
        setting = screen.setting(JENA_PLANNER_WATCH=str(self.watch), JENA_PLANNER_LANGUAGE=language)
        files = " ".join(map(shlex.quote, words))
        screen.shell(
            f"{setting} blender -p 0 0 {SIZE[0]} {SIZE[1]} {files} --python /project/tests/window/start.py > {self.log} 2>&1 & blender=$!"
        )
        self.until("True", "Blender to start")
        self.ask("late.clear()")

    def ask(self, code: str) -> Any:
        """Run Python in Blender to look at something; it sets `value`."""
        answer = self.watch / "answer.json"
        part = self.watch / "question.part"
        part.write_text(code, encoding="utf-8")
        part.rename(self.watch / "question.py")
        end = time.monotonic() + PATIENCE
        while not answer.exists():
            if time.monotonic() > end:
                raise TimeoutError(f"Blender does not answer; its log ends:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.02)
        said = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink()
        if "error" in said:
            raise AssertionError(said["error"])
        return said["value"]

    def get(self, expression: str) -> Any:
        """The value of an expression in Blender; `scene` and the add-on's rooms are at hand."""
        return self.ask(f"{NAMES}\nvalue = {expression}")

    def until(self, expression: str, what: str, patience: float = PATIENCE) -> Any:
        """Wait for an expression to be true; returns its value."""
        end = time.monotonic() + patience
        while not (value := self.get(expression)):
            if time.monotonic() > end:
                self.screen.look(Path(tempfile.gettempdir()) / "jena-planner-window-failed.png")
                raise TimeoutError(f"waited for {what} in vain; failures: {self.failures()}; see jena-planner-window-failed.png")
            time.sleep(0.1)
        return value

    def failures(self) -> list[str]:
        """What went wrong since the start, as the panel said it."""
        return list(self.ask("value = failures"))

    def stalls(self) -> list[float]:
        """How long the interface stood still, each time, in seconds, longest first, since the last time this was asked."""
        return sorted(self.ask("value = [x for x in late if x > 0.02]; late.clear()"), reverse=True)

    def open_sidebar(self) -> None:
        """N over the viewport, then the tab. Both as a person would."""
        self.screen.move(*VIEWPORT)
        self.screen.keys("n")
        self.until("sidebar() > 1", "the sidebar")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:  # a busy window has not yet drawn the tab when it is clicked first
            self.screen.settle()
            for place in TABS:
                self.screen.click(*place)
                self.screen.settle()
                if self.get("region('UI').active_panel_category") == "Jena Planner":
                    return
        raise AssertionError("the sidebar's tab is somewhere else")

    def find(self, command: str, near: tuple[int, int], wheel: int = 0) -> tuple[int, int]:
        """Where the sidebar's button for an operator is: Ctrl+C over a button copies its command.

        near : where it should be. wheel : clicks of the mouse wheel down before that.
        """
        x, y = near
        self.ask("bpy.context.window_manager.clipboard = ''; value = 0")
        ways = [y + step * sign for step in range(16, SIZE[1], 16) for sign in (1, -1)]
        for down in (wheel, 6, 6, 6, -24):
            if down:
                self.screen.shell(f"xdotool mousemove {x} 600 click --repeat {abs(down)} --delay 60 {5 if down > 0 else 4} && sleep 1")
            for place in [y, *(way for way in ways if SIDEBAR[0] < way < SIDEBAR[1])]:
                self.screen.shell(f"xdotool mousemove {x} {place} && sleep 0.12 && xdotool key ctrl+c && sleep 0.12")
                if command in self.get("bpy.context.window_manager.clipboard"):
                    return x, place
        raise AssertionError(f"there is no button for {command} in the sidebar")

    def press(self, command: str, near: tuple[int, int], wheel: int = 0) -> None:
        """Click the sidebar's button for an operator; places as in `find`."""
        self.screen.click(*self.find(command, near, wheel))

    def name_file(self, path: Path) -> None:
        """Paste a folder and a file's name into the file browser that is open, and click its button at the lower right.

        Ctrl+V over a field fills it; keys typed into one that a busy window has not yet opened would be taken for commands.
        """
        for part, field, text in (("UI", "directory.decode().rstrip('/')", str(path.parent)), ("EXECUTE", "filename", path.name)):
            x, y, wide, high = self.until(FILE_BROWSER % part, "the file browser")
            self.ask(f"bpy.context.window_manager.clipboard = {text!r}; value = 0")
            end = time.monotonic() + PATIENCE
            while self.get(f"file_browser().params.{field}") != text:
                assert time.monotonic() < end, f"the file browser does not take {text}"
                for step in range(3):  # it takes the mouse only after it has been drawn
                    self.screen.move(int(x + 0.4 * wide) + step, y + high // 2)
                    time.sleep(0.3)
                self.screen.keys("ctrl+v")
                time.sleep(0.5)
        self.screen.click(int(x + 0.92 * wide), y + high // 2)

    def quit(self) -> None:
        self.screen.shell("kill $blender; wait $blender; true")


FILE_BROWSER = """next(((w.x + r.x, 900 - w.y - r.y - r.height, r.width, r.height) for w in bpy.context.window_manager.windows
    for a in w.screen.areas if a.type == "FILE_BROWSER" for r in a.regions if r.type == "%s" and r.height > 1), None)"""
NAMES = """
from bl_ext.user_default.jena_planner.operators import jobs, errors, results, variants, projects, view, panels, ground_tool, key_figures, findings, photo_tool
from bl_ext.user_default.jena_planner.scene import document, notes, sync
scene = bpy.context.window_manager.windows[0].scene
def region(kind):
    area = next(a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == "VIEW_3D")
    return next(r for r in area.regions if r.type == kind)
def sidebar():
    return region("UI").width
def block(name):
    return next(t for c in sync.collections(scene) for t in sync.blocks(c) if t.name == name)
def file_browser():
    return next(a.spaces.active for w in bpy.context.window_manager.windows for a in w.screen.areas if a.type == "FILE_BROWSER")
def everything():
    return {
        "variants": [notes.get(one)["id"] for one in sync.collections(scene)],
        "shown": variants.shown(scene),
        "blocks": {t.name: list(sync.block_of(t).footprint.centroid.coords[0]) for c in sync.collections(scene) for t in sync.blocks(c)},
        "results": {t.name: [round(sum(x.value for x in t.data.attributes["value"].data), 3), len(t.data.polygons)]
                    for t in results.things(scene)},
        "result": results.shown(scene) and results.shown(scene).name,
        "state": document.state(scene).kind,
        "buildings": len(document.site(scene).city.building_id),
    }
def middle(name):
    return list(sync.block_of(block(name)).footprint.centroid.coords[0])
"""


@contextmanager
def screen() -> Iterator[Screen]:
    made = Screen()
    try:
        yield made
    finally:
        made.close()


def wait_for(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait for something outside of Blender."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited for {what} in vain")
        time.sleep(0.1)
