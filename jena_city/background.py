"""A picture of a map service (WMS, WMTS) frozen for a project: fetched once, with its date and licence, then a file like others."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import requests
from PIL import Image

from . import map_services
from .files import slug, write_text, written_beside
from .map_services import Layer, Plan, Service
from .origin import Origin
from .problems import InputProblem, Progress, no_progress
from .terrain import Box

FOLDER = "background"
FINEST, USUAL = 0.2, 4096  # metres per pixel at least and pixels along the longer side at most, where no resolution is asked for
MOST = 8192  # pixels along a side
AT_ONCE, EVERY = 4, 0.2  # requests; seconds between looks at them


@dataclass(frozen=True)
class Background:
    """A picture that was fetched. path : the GeoTIFF. step : metres per pixel. missing : pieces of it that the service does not have."""

    path: Path
    step: float
    columns: int
    rows: int
    missing: int
    source: str
    licence: str


def usual_step(box: Box) -> float:
    """Metres per pixel for a box where none are asked for, to two digits."""
    step = max((box[2] - box[0]) / USUAL, (box[3] - box[1]) / USUAL, FINEST)
    unit = 10.0 ** (math.floor(math.log10(step)) - 1)
    return round(math.ceil(step / unit - 1e-9) * unit, 6)


def fetch(
    url: str, name: str, origin: Origin, box: Box, folder: Path, *, step: float | None = None, progress: Progress = no_progress
) -> Background:
    """The picture of a layer for a box (west, south, east, north in the origin's CRS), written below the folder as GeoTIFF with side file.

    step : metres per pixel; None: as `usual_step` has it. Tiles (WMTS) come at the next finer level that there is. Raises InputProblem,
    Cancelled; then nothing is written.
    """
    if not origin.crs:
        raise InputProblem("background", "the project's place on Earth is unknown", "State the CRS, e.g. EPSG:25832")
    step = step or usual_step(box)
    _check_size((box[2] - box[0]) / step, (box[3] - box[1]) / step, MOST, box)
    progress(0.0, "asking the map service")
    with map_services.session() as net:
        service = map_services.service(net, url)
        layer = service.layer(name)
        plan = service.plan(layer, origin.crs, box, step)
        _check_size(plan.columns, plan.rows, 2 * MOST, box)
        canvas = Image.new("RGB", (plan.columns, plan.rows), "white")
        missing = 0
        for piece, found in _pictures(net, plan, progress):
            if found is None:
                missing += 1
            else:
                canvas.paste(found, (piece.column, piece.row))
    if missing == len(plan.pieces):
        raise InputProblem(service.url, f"the layer {layer.name} has nothing here", "Choose another layer or service")
    path = folder / FOLDER / f"{slug(layer.name)}.tif"
    _write(path, canvas, plan, origin)
    source = _source(service, layer)
    said = {"source": source, "licence": service.licence, "date": dt.date.today().isoformat(), "url": service.url}
    write_text(path.with_suffix(".toml"), "".join(f"{key} = {json.dumps(words, ensure_ascii=False)}\n" for key, words in said.items()))
    progress(1.0, "done")
    return Background(path, plan.step, plan.columns, plan.rows, missing, source, service.licence)


def _check_size(columns: float, rows: float, most: int, box: Box) -> None:
    if max(columns, rows) > most:
        least = max(box[2] - box[0], box[3] - box[1]) / MOST
        what = f"the picture would have {columns:.0f} × {rows:.0f} pixels"
        raise InputProblem("background", what, f"Ask for {math.ceil(least * 100) / 100:g} m per pixel or more")


def _pictures(net: requests.Session, plan: Plan, progress: Progress) -> Iterator[tuple[map_services.Piece, Image.Image | None]]:
    """The pieces with their pictures, some at once. While it waits it speaks, so that a stop is heard; then what has not begun is not
    asked for, and what has is not waited for."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        asked = [pool.submit(map_services.picture, net, piece) for piece in plan.pieces]
        for number, (piece, one) in enumerate(zip(plan.pieces, asked, strict=True)):
            while not one.done():
                progress(0.05 + 0.85 * number / len(asked), "fetching the background")
                wait([one], EVERY)
            yield piece, one.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _write(path: Path, picture: Image.Image, plan: Plan, origin: Origin) -> None:
    import rasterio
    from rasterio.transform import from_origin

    profile = {
        "driver": "GTiff", "count": 3, "dtype": "uint8", "photometric": "RGB", "compress": "deflate", "tiled": True, "width": plan.columns,
        "height": plan.rows, "crs": origin.wkt, "transform": from_origin(plan.west, plan.north, plan.step, plan.step),
    }  # fmt: skip
    with written_beside(path) as beside, rasterio.open(beside, "w", **profile) as file:
        file.write(np.moveaxis(np.asarray(picture), 2, 0))


def _source(service: Service, layer: Layer) -> str:
    """Whose picture it is: "GDI-Th: Luftbilder (WMS th_dop)"."""
    whose = layer.attribution or service.provider or service.title
    return f"{whose}: {layer.title} ({service.kind} {layer.name})"
