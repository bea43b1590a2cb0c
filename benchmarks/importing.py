"""How long reading CityGML takes: a file as a multiple of a bare lxml pass over it, and towns of many large tiles, in one run."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..jena_city import buildings, citygml, sample
from ..jena_city import tiles as keeping
from ..jena_city.problems import InputProblem, Progress, no_progress

LARGE = 140_000_000  # bytes: an inner-city tile of Thuringia
APART = 350.0  # metres between copies of a tile: some 6 000 houses on 4 km², as in an inner city
_PEAK = """
import sys
from {package}.benchmarks import importing
from {package}.jena_city import citygml
citygml.read(sys.argv[1])
print(importing.peak_megabytes())
"""


def run(*, tile: Path | None = None, runs: int = 5, progress: Progress = no_progress) -> dict[str, Any]:
    """Time a tile (the sample's by default) and 140 MB of shifted copies of it with new ids; runs are interleaved.

    Returns rows (file, megabytes, buildings, seconds of a bare lxml pass and of ours: best of the runs, ratio of the medians,
    peak memory of a process that only reads it).
    """
    with tempfile.TemporaryDirectory(prefix="jena-planner-bench-") as folder:
        source = tile or _sample_tile(Path(folder))
        citygml.read(source)  # what cannot be read is refused here, with a reason
        progress(0.0, "writing the large tile")
        large = Path(folder) / "large.gml"
        copies = repeated(source, large, LARGE)
        rows = []
        for index, path in enumerate((source, large)):
            bare: list[float] = []
            ours: list[float] = []
            for number in range(runs):
                progress((index + number / runs) / 2, f"reading {path.name}")
                bare.append(_timed(_bare_pass, path))
                ours.append(_timed(citygml.read, path))
            model = citygml.read(path)
            rows.append(
                {
                    "file": source.name if index == 0 else f"{copies} copies",
                    "MB": round(path.stat().st_size / 1e6, 1),
                    "buildings": model.building_count,
                    "parts": model.part_count,
                    "lxml s": round(min(bare), 3),
                    "ours s": round(min(ours), 3),
                    "ratio": round(float(np.median(ours) / np.median(bare)), 2),
                    "peak MB": _peak_of_reading(path),
                }
            )
    return {"rows": rows}


def _sample_tile(folder: Path) -> Path:
    sample.write(folder / "sample")
    return folder / "sample" / "sources" / "LoD2_32_681_5644_1_MQ.gml"


def _timed(work: Any, path: Path) -> float:
    start = time.perf_counter()
    work(path)
    return time.perf_counter() - start


def _bare_pass(path: Path) -> None:
    """The least that a streaming reader can do: see the end of every element and let go of it."""
    from lxml import etree

    for _, element in etree.iterparse(str(path), events=("end",)):
        element.clear()


def peak_megabytes(process: int | str = "self") -> int:
    """Peak memory of a process, MB; 0 for one that is gone. What `getrusage` says of it is at least what its parent had when it began."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    except (OSError, IndexError):
        if process != "self" or sys.platform == "linux":
            return 0
        import resource

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1024))


def _peak_of_reading(path: Path) -> int:
    """Peak memory of a process that imports the reader and reads the file, MB."""
    code = _PEAK.format(package=__package__.rpartition(".")[0])
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout)


_TOWN = """
import json, sys
from {package}.benchmarks import importing
print(json.dumps(importing.read_town(sys.argv[1], sys.argv[2:])))
"""


def read_town(folder: str, paths: list[str]) -> dict[str, Any]:
    """Read tiles as an import does, what was read kept in a folder; how many buildings, seconds, peak memory of this process and, as seen
    from it, of the largest of its children."""
    keeping.use_folder(Path(folder))
    largest, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            for names in Path("/proc/self/task").glob("*/children"):
                with suppress(OSError):
                    largest[0] = max([largest[0], *map(peak_megabytes, names.read_text(encoding="ascii").split())])

    watching = threading.Thread(target=watch)
    watching.start()
    start = time.perf_counter()
    model = buildings.read_many(paths)
    seconds = time.perf_counter() - start
    done.set()
    watching.join()
    return {
        "buildings": model.building_count,
        "parts": model.part_count,
        "seconds": round(seconds, 2),
        "peak MB": peak_megabytes(),
        "a child's peak MB": largest[0],
    }


def run_tiles(*, tiles: int, tile: Path | None = None, progress: Progress = no_progress) -> dict[str, Any]:
    """Read towns of 1, 2, 4 … and `tiles` large tiles of 140 MB side by side, each in a process of its own: once with nothing kept, once
    more from what was kept.

    Returns rows (tiles, buildings, seconds, seconds per tile, peak memory of the process and of the largest of its children) and
    ratios: how much more the largest town takes per tile than a single one.
    """
    with tempfile.TemporaryDirectory(prefix="jena-planner-bench-") as folder:
        source = tile or _sample_tile(Path(folder))
        sizes = sorted({*(2**k for k in range(tiles.bit_length())), tiles})
        paths = []
        for number in range(tiles):
            progress(0.3 * number / tiles, f"writing tile {number + 1}")
            paths.append(Path(folder) / f"tile{number}.gml")
            repeated(source, paths[-1], LARGE, number, math.ceil(math.sqrt(tiles)))
        rows: list[dict[str, Any]] = []
        for index, size in enumerate(sizes):
            kept = Path(folder) / f"kept{size}"
            for what in ("read", "kept"):
                progress(0.3 + 0.7 * index / len(sizes), f"{size} tiles: {what}")
                code = _TOWN.format(package=__package__.rpartition(".")[0])
                command = [sys.executable, "-c", code, str(kept), *map(str, paths[:size])]
                found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
                rows.append({"tiles": size, "from": what, **found, "seconds per tile": round(found["seconds"] / size, 2)})
            shutil.rmtree(kept)
    first, last = rows[0], rows[-2]
    ratio = round(last["seconds per tile"] / first["seconds per tile"], 2)
    return {"rows": rows, "ratios": {f"the seconds per tile of a single one, for each of {tiles}": ratio}}


_MEMBER = re.compile(r"<(?:\w+:)?cityObjectMember\b.*</(?:\w+:)?cityObjectMember>", re.DOTALL)


def repeated(source: Path, target: Path, size: int, place: int = 0, across: int = 1) -> int:
    """Write copies of a CityGML tile side by side, each shifted and with new ids, up to about `size` bytes.

    place : number of this tile among several, `across` of them side by side, each with ids of its own. Returns the number of copies.
    For files whose polygons have posLists of three-dimensional points.
    """
    text = source.read_text(encoding="utf-8")
    members = _MEMBER.search(text)
    if members is None:
        raise InputProblem(source, "there is nothing in it to repeat", "Name a CityGML tile with buildings")
    copies = max(round((size - len(text)) / max(len(members[0]), 1)) + 1, 1)
    body = _Copies(members[0])
    side = math.ceil(math.sqrt(copies))
    north, east = divmod(place, across)
    with target.open("w", encoding="utf-8") as file:
        file.write(text[: members.start()])
        for number in range(copies):
            row, column = divmod(number, side)
            file.write(body.copy(place * copies + number, APART * (column + east * side), APART * (row + north * side)))
        file.write(text[members.end() :])
    return copies


_CHANGED = re.compile(r'(<(?:\w+:)?posList[^>]*>)([^<]*)(?=</)|(gml:id="|href="#)([^"]*)(?=")')


class _Copies:
    """Copies of a text, each with its coordinates shifted and its ids made different."""

    def __init__(self, body: str) -> None:
        self.pieces: list[str | list[float]] = []  # texts, lists of coordinates, and an empty list after each id
        end = 0
        for match in _CHANGED.finditer(body):
            self.pieces.append(body[end : match.end() if match[3] else match.end(1)])
            self.pieces.append([float(value) for value in match[2].split()] or "" if match[1] else [])
            end = match.end()
        self.pieces.append(body[end:])

    def copy(self, number: int, east: float, north: float) -> str:
        shift, name = (east, north, 0.0), f"_{number}"
        return "".join(
            piece
            if isinstance(piece, str)
            else " ".join([f"{value + shift[k % 3]:.3f}" for k, value in enumerate(piece)])
            if piece
            else name
            for piece in self.pieces
        )
