"""The libraries an extension carries: which ones each platform and Python needs, fetched as the lock has them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from pathlib import Path

from packaging import tags
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from ..jena_city.files import hash_file
from ..jena_city.lock import Locked, canonical, closure
from ..jena_city.problems import InputProblem, one_line

NOT_BUNDLED = {"numpy", "certifi"}  # Blender has its own, and other extensions rely on them
# The oldest systems the zips run on: Blender's own glibc; of macOS the newest libraries want more than Blender does.
GLIBC = 28
MACOS = {(3, 11): 14, (3, 13): 15}
# Blender's name of a platform -> what conditions of requirements are judged by.
SYSTEMS = {
    "linux-x64": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "windows-x64": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "macos-arm64": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
}


@dataclass(frozen=True)
class Target:
    """What a zip is for. platform : as Blender calls it. python : (3, 11)."""

    platform: str
    python: tuple[int, int]

    @property
    def line(self) -> str:
        return f"cp{self.python[0]}{self.python[1]}"

    @property
    def name(self) -> str:
        return f"{self.platform.replace('-', '_')}-{self.line}"

    def platforms(self) -> list[str]:
        """The platform tags of wheels that fit, the best first."""
        if self.platform == "windows-x64":
            return ["win_amd64"]
        if self.platform == "macos-arm64":
            return list(tags.mac_platforms((MACOS[self.python], 0), "arm64"))
        return [
            *(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)),
            *(f"manylinux{old}_x86_64" for old in ("2014", "2010", "1")),
        ]

    def tags(self) -> list[tags.Tag]:
        """The wheels that fit, the best first, as pip orders them."""
        platforms = self.platforms()
        return [*tags.cpython_tags(self.python, [self.line], platforms), *tags.compatible_tags(self.python, self.line, platforms)]

    def environment(self) -> dict[str, str]:
        """What conditions of requirements are judged by."""
        version = f"{self.python[0]}.{self.python[1]}"
        own = {"python_version": version, "python_full_version": f"{version}.0", "implementation_name": "cpython", "extra": ""}
        return {**SYSTEMS[self.platform], "platform_python_implementation": "CPython", **own}


def dependencies(root: Path) -> list[Requirement]:
    """What pyproject.toml wants at run time."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(text) for text in project["dependencies"]]


def runtime(locked: Mapping[str, Locked], wanted: Iterable[Requirement], left_out: Iterable[str]) -> set[str]:
    """Names of all libraries of the lock that run time may need, on whatever system."""
    return closure(locked, (one.name for one in wanted)) - set(left_out)


def metadata(wheel: Path) -> Message:
    """The METADATA of a wheel."""
    with zipfile.ZipFile(wheel) as zipped:
        name = next(name for name in zipped.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA"))
        return message_from_string(zipped.read(name).decode("utf-8", "replace"))


def fetch(
    target: Target,
    locked: Mapping[str, Locked],
    wanted: list[Requirement],
    left_out: Mapping[str, str],
    cache: Path,
    say: Callable[[str], None],
) -> list[Path]:
    """The wheels of one target, by name, downloaded where `cache` does not have them yet; each has its hash from the lock.

    left_out : name -> version, "" if unknown, of what Blender carries itself. Raises InputProblem when a library is missing in
    the lock or unobtainable, or when what Blender carries does not suit one of them.
    """
    folder = cache / target.name
    folder.mkdir(parents=True, exist_ok=True)
    lacking = missing(target, locked, wanted, left_out, cache)
    if lacking:
        say(f"downloading {len(lacking)} wheels for {target.name}")
        _download(lacking, target, locked, folder)
    there = _kept(folder, target, locked)
    needed = _needed(target, locked, wanted, left_out, there)
    return [there[name] for name in sorted(needed)]


def missing(target: Target, locked: Mapping[str, Locked], wanted: Iterable[Requirement], left_out: Iterable[str], cache: Path) -> list[str]:
    """The names of the libraries that `fetch` would download."""
    return sorted(runtime(locked, wanted, left_out) - set(_kept(cache / target.name, target, locked)))


def _kept(folder: Path, target: Target, locked: Mapping[str, Locked]) -> dict[str, Path]:
    """Name -> the best wheel in the folder that fits the target and bears a hash of the lock."""
    ranks = {tag: rank for rank, tag in enumerate(target.tags())}
    best: dict[str, tuple[int, Path]] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, _, of = parse_wheel_filename(path.name)
        rank = min((ranks[tag] for tag in of if tag in ranks), default=None)
        one = locked.get(name)
        if rank is None or one is None or str(version) != one.version or rank >= best.get(name, (len(ranks),))[0]:
            continue
        if hash_file(path) in one.hashes:
            best[name] = (rank, path)
    return {name: path for name, (_, path) in best.items()}


def _download(names: list[str], target: Target, locked: Mapping[str, Locked], folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".downloading-") as beside:
        listed = Path(beside) / "requirements.txt"
        rows = (
            " ".join([f"{name}=={locked[name].version}", *(f"--hash=sha256:{one}" for one in sorted(locked[name].hashes))])
            for name in names
        )
        listed.write_text("\n".join(rows), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
        command += [
            "--require-hashes",
            "--implementation",
            "cp",
            "--abi",
            target.line,
            "--python-version",
            ".".join(map(str, target.python)),
        ]
        command += [word for platform in target.platforms() for word in ("--platform", platform)]
        command += ["--dest", beside, "--requirement", str(listed)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        for wheel in Path(beside).glob("*.whl"):
            wheel.replace(folder / wheel.name)
        if done.returncode:
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines() or ["no word"]
            raise InputProblem(
                f"the wheels for {target.name}", f"pip: {one_line(errors[0])}", "Check the network or proxy; the same command goes on"
            )


def _needed(
    target: Target, locked: Mapping[str, Locked], wanted: list[Requirement], left_out: Mapping[str, str], wheels: Mapping[str, Path]
) -> set[str]:
    """What this target needs, as the wheels themselves say. The locks are solved on Linux: a library that only Windows or macOS
    needs may be missing there."""
    environment = target.environment()
    needed: set[str] = set()
    more = [(one, "pyproject.toml") for one in wanted]
    while more:
        one, whose = more.pop()
        name = canonical(one.name)
        if one.marker is not None and not one.marker.evaluate(environment):
            continue
        if name in left_out:
            if left_out[name] and not one.specifier.contains(left_out[name], prereleases=True):
                raise InputProblem(whose, f"it wants {one}, this Blender has {left_out[name]}", "Take a Blender with a suitable one")
            continue
        if name not in wheels:
            why = "it is not in the lock" if name not in locked else "no wheel of it fits"
            raise InputProblem(f"{name}, which {whose} needs on {target.name}", why, "Add it to pyproject.toml and run `make lock`")
        if name not in needed:
            needed.add(name)
            requires = metadata(wheels[name]).get_all("Requires-Dist") or []
            more += [(Requirement(text), wheels[name].name) for text in requires]
    return needed
