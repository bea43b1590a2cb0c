"""Builds the zips of the extension, one for each platform and Python, with the builder that Blender itself carries."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..jena_city import lock
from ..jena_city.about import ROOT, version
from ..jena_city.files import written_beside
from ..jena_city.lock import Locked
from ..jena_city.problems import InputProblem, Progress, no_progress, one_line
from ..scene.job import environment
from . import licences, staging, wheels
from .wheels import NOT_BUNDLED, SYSTEMS, Target

WHEELS = ROOT / "build" / "wheels"  # downloads are kept here
LIMIT = 270_000_000  # bytes of a zip
# Python line -> its range of Blender versions: from here on, and up to (not including) there.
RANGES: dict[tuple[int, int], dict[str, str]] = {(3, 11): {"blender_version_max": "5.1.0"}, (3, 13): {"blender_version_min": "5.1.0"}}
TARGETS = tuple(Target(platform, python) for python in RANGES for platform in SYSTEMS)
MARK = "JENA-PLANNER "
PROBE = f"""
import importlib, json, platform, sys
import bpy
has = {{}}
for name in {sorted(NOT_BUNDLED)}:
    try:
        has[name] = getattr(importlib.import_module(name), "__version__", "")
    except ImportError:
        pass
system = {{"linux": "linux", "windows": "windows", "darwin": "macos"}}.get(platform.system().lower(), platform.system())
machine = {{"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}}.get(platform.machine().lower(), platform.machine().lower())
said = dict(blender=bpy.app.version, python=sys.version_info[:2], platform=system + "-" + machine, has=has)
print({MARK!r} + json.dumps(said), flush=True)
"""


@dataclass(frozen=True)
class Zip:
    """A zip that was built. problems : what its user should know."""

    path: str
    platform: str
    python: str
    blender: str
    size: int
    wheels: list[str]
    licences: dict[str, str]
    problems: list[str]


def build(out: Path, blender: Path | None = None, targets: Iterable[Target] = TARGETS, progress: Progress = no_progress) -> dict[str, Any]:
    """The zips and their index.json in `out`; with `blender` (a Blender or a Python with bpy) one development zip for just that one.

    Returns plain data: "zips" (as Zip) and "index" (a path, or ""). Raises InputProblem.
    """
    if blender is not None:
        asked = ask(blender)
        target = Target(asked["platform"], tuple(asked["python"]))
        if target.platform not in SYSTEMS:
            raise InputProblem(blender, f"there are no wheels for {target.platform}", f"Take one for {', '.join(SYSTEMS)}")
        oldest = min(_numbers(_manifest()["blender_version_min"]), tuple(asked["blender"]))
        allowed = {"blender_version_min": ".".join(map(str, oldest))}
        suffix = "blender" + ".".join(map(str, asked["blender"][:2]))
        made = _zip(target, out, allowed, asked["has"], suffix, partial(progress, 0.1))
        return {"zips": [asdict(made)], "index": ""}
    made_all = []
    targets = list(targets)
    for number, target in enumerate(targets):
        say = partial(progress, number / len(targets))
        made_all.append(_zip(target, out, RANGES[target.python], dict.fromkeys(NOT_BUNDLED, ""), "", say))
    progress(0.98, "writing index.json")
    return {"zips": [asdict(made) for made in made_all], "index": str(_index([Path(made.path) for made in made_all], out))}


def here() -> Target:
    """This machine's platform, as Blender calls it, and this Python."""
    system, machine = platform.system().lower(), platform.machine().lower()
    names = {"darwin": "macos", "x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    return Target(f"{names.get(system, system)}-{names.get(machine, machine)}", (sys.version_info[0], sys.version_info[1]))


def fetch(target: Target, locked: Mapping[str, Locked], left_out: Mapping[str, str], say: Callable[[str], None]) -> list[Path]:
    """The wheels of a target from build/wheels, downloaded first where they are missing there."""
    return wheels.fetch(target, locked, wheels.dependencies(ROOT), left_out, WHEELS, say)


def ask(blender: Path) -> dict[str, Any]:
    """What a Blender, or a Python with bpy, is: its version, its Python, its platform, and which libraries it has for us."""
    ways = (["--background", "--factory-startup", "--python-expr", PROBE], ["-c", PROBE])
    said = ""
    for words in ways:
        try:
            with tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
                done = subprocess.run(
                    [str(blender), *words],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=300,
                    env=environment(Path(folder)),
                    check=False,
                )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputProblem(blender, f"it does not run ({error})", "Name a Blender's program file, or a Python with bpy") from error
        said = done.stderr.strip() or said
        for line in done.stdout.splitlines():
            if line.startswith(MARK):
                return dict(json.loads(line.removeprefix(MARK)))
    last = said.splitlines()[-1] if said else "it says nothing"
    raise InputProblem(blender, f"it is no Blender and no Python with bpy ({last})", "Name a Blender's program file, or a Python with bpy")


def manifest(target: Target, allowed: dict[str, str], names: Iterable[str]) -> str:
    """The text of the zip's blender_manifest.toml: ours, with its range of Blender versions, its platform and its wheels."""
    text = (ROOT / "blender_manifest.toml").read_text(encoding="utf-8")
    for key, value in allowed.items():
        text = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
        text = text.replace("\nlicense = ", f'\n{key} = "{value}"\nlicense = ', 1)
    listed = "".join(f'  "./wheels/{name}",\n' for name in names)
    return text.replace("\n[permissions]", f'\nplatforms = ["{target.platform}"]\nwheels = [\n{listed}]\n\n[permissions]', 1)


def _manifest() -> dict[str, Any]:
    return tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _zip(target: Target, out: Path, allowed: dict[str, str], left_out: dict[str, str], suffix: str, say: Callable[[str], None]) -> Zip:
    say(f"collecting the libraries of {target.name}")
    path = lock.path(target.python)
    locked = lock.read(path)
    final = out / ("-".join(filter(None, ("jena_planner", version(), target.name, suffix))) + ".zip")
    with tempfile.TemporaryDirectory(prefix="jena-planner-zip-") as folder:
        staged = Path(folder) / "jena_planner"
        staging.stage(ROOT, path, staged)
        kept = staged / "wheels"
        kept.mkdir()
        for wheel in fetch(target, locked, left_out, say):
            shutil.copyfile(wheel, kept / wheel.name)
        found = sorted(kept.iterdir())
        rows = [licences.of(wheel) for wheel in found]
        (staged / "blender_manifest.toml").write_text(manifest(target, allowed, (wheel.name for wheel in found)), encoding="utf-8")
        (staged / "THIRD_PARTY_LICENSES.txt").write_text(licences.report(rows, f"Jena Planner {version()}"), encoding="utf-8")
        say(f"packing {final.name}")
        with written_beside(final) as beside:
            _builder("build", "--source-dir", str(staged), "--output-filepath", str(beside))
            _builder("validate", str(beside))
    size = final.stat().st_size
    problems = [f"{row.name} is under {row.licence}, which may not be combined with the GPL" for row in rows if not row.compatible]
    if size > LIMIT:
        problems.append(f"it has {size / 1e6:.0f} MB, more than the {LIMIT / 1e6:.0f} MB agreed on")
    python = ".".join(map(str, target.python))
    span = {"blender_version_min": _manifest()["blender_version_min"], **allowed}
    blender = f"{span['blender_version_min']} and later" + (
        f", before {allowed['blender_version_max']}" if "blender_version_max" in allowed else ""
    )
    return Zip(
        str(final),
        target.platform,
        python,
        blender,
        size,
        [wheel.name for wheel in found],
        {row.name: row.licence for row in rows},
        problems,
    )


def _index(zips: list[Path], out: Path) -> Path:
    """index.json of these zips alone: what else lies in `out` (older versions, development zips) would overlap with them."""
    with tempfile.TemporaryDirectory(dir=out, prefix=".index-") as folder:
        for path in zips:
            try:
                os.link(path, Path(folder) / path.name)
            except OSError:  # a file share without links
                shutil.copyfile(path, Path(folder) / path.name)
        said = _builder("server-generate", "--repo-dir", folder)
        if "duplicates" in said:
            raise InputProblem(
                out, f"two zips are for the same Blender ({one_line(said)})", "This is a fault in the program; please report it"
            )
        content = json.loads((Path(folder) / "index.json").read_text(encoding="utf-8"))
    content["data"].sort(key=lambda entry: entry["archive_url"])
    with written_beside(out / "index.json") as beside:
        beside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return out / "index.json"


def _builder(*words: str) -> str:
    """Run Blender's own builder, which the bpy wheel carries; returns what it says."""
    found = importlib.util.find_spec("bpy")
    scripts = sorted(Path(found.origin).parent.glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py")) if found and found.origin else []
    if not scripts:
        raise InputProblem("Blender's builder", "it comes with bpy, which is not installed here", "Run `make setup` and use its .venv")
    done = subprocess.run([sys.executable, str(scripts[0]), *words], capture_output=True, text=True, errors="replace", check=False)
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise InputProblem("Blender's builder", f"{words[0]}: {one_line(said)}", "Mend what it names, then try again")
    return said
