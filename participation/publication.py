"""publication.json: what the page knows. docs/publication-format.md says what each key means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyproj
import shapely

from ..jena_city import baunvo, cameras, plan_parts
from ..jena_city.cameras import NamedCamera
from ..jena_city.finding import Finding, sentence
from ..jena_city.origin import Origin
from ..jena_city.participating import LANGUAGES, Participation, ParticipationViewpoint, Retold, Words
from ..jena_city.project import BuildingPlotEntry
from ..jena_city.result_words import in_english
from ..jena_city.site import Site
from ..jena_city.terrain import Terrain
from ..jena_city.variant import NULL_VARIANT, Variant

FORMAT, SCHEMA = "jena-planner/publication", 1
NEAR_STREET = 60.0  # metres from what all is about within which a street is cut
SECTION = 80.0  # metres across a street: its houses on both sides, and what stands behind
MOST_STREETS = 12
AT_EYE_HEIGHT = 3.0  # metres above the ground up to which somebody may stand
T = dict[str, str]
_FIXED = {"use", "grz", "gfz", "storeys", "edition"}  # of a plan area
_SEVERITY = {"broken": "breach", "to-reason": "reason", "hint": "note"}
_NULL = {
    "name": {"de": "Bestand", "plain": "So ist es heute", "en": "Today"},
    "description": {"de": "Nichts wird gebaut.", "plain": "Es wird nichts gebaut.", "en": "Nothing is built."},
}
_NO_STATEMENT = {
    "de": "Beiträge auf dieser Seite sind keine Stellungnahmen nach dem Baugesetzbuch.",
    "plain": "Ihr Beitrag hier ist keine Stellungnahme nach dem Gesetz.",
    "en": "Contributions on this page are no statements in the sense of the building code (BauGB).",
}


def said(words: str) -> T:
    """Words of the program (German) by language."""
    english = in_english(words)
    return {"de": words, "en": english} if english != words else {"de": words}


def or_else(words: Words, german: str) -> T:
    """A text, or what stands for it."""
    return words.told() if words else {"de": german}


def languages(asked: Participation) -> list[str]:
    """Those in which what matters most is told; German always."""
    important = (asked.procedure.open, asked.procedure.fixed, asked.procedure.decides, asked.procedure.contributions)
    return [one for one in LANGUAGES if one == "de" or all(getattr(words, one) for words in important)]


def procedure(asked: Participation) -> dict[str, Any]:
    """The procedure as people are told of it."""
    own = asked.procedure
    note = own.note.told() if own.note else (_NO_STATEMENT if own.kind == "informal" else {})
    words = {name: getattr(own, name).told() for name in ("open", "fixed", "decides", "contributions")}
    days = {"starts": str(own.starts) if own.starts else None, "ends": str(own.ends) if own.ends else None}
    return {"kind": own.kind, **days, **words, "note": note, "portal": own.portal}


def place(origin: Origin, name: str, zone: str, undulation: float | None, ground: Terrain, focus: Sequence[float]) -> dict[str, Any]:
    """Where the scene lies. focus : west, south, east, north of what it is about."""
    factors = pyproj.Proj(pyproj.CRS.from_user_input(origin.crs)).get_factors(origin.longitude, origin.latitude)
    west, south, east, north = ground.reach
    low, high = ground.extremes
    return {
        "name": name,
        "crs": origin.crs,
        "easting": origin.easting,
        "northing": origin.northing,
        "height_system": origin.height_system,
        "undulation": undulation,
        "latitude": round(origin.latitude, 8),
        "longitude": round(origin.longitude, 8),
        "convergence": round(origin.grid_convergence, 6),
        "scale_factor": round(float(factors.meridional_scale), 8),
        "time_zone": zone,
        "bounds": [round(value, 2) for value in (west, south, low, east, north, high)],
        "focus": [round(value, 2) for value in focus],
    }


def variant(one: Variant, retold: Retold | None = None, **files: Any) -> dict[str, Any]:
    """A variant without its files. retold : in other languages. files : model, removed, felled, planted, geojson."""
    words = _NULL
    if one.id != NULL_VARIANT.id:
        name, description = (retold.name.told(), retold.description.told()) if retold else ({}, {})
        words = {"name": {**said(one.name), **name}, "description": {"de": one.description, **description}}
    own = {"id": one.id, **words, "colour": one.colour, "status": one.status, "author": one.author}
    empty: dict[str, Any] = {"model": None, "removed": [], "felled": [], "planted": [], "geojson": None}
    return {**own, **empty, **files}


def finding(one: Finding, of: str, site: Site) -> dict[str, Any] | None:
    """What a rule finds; None where it says that it does not hold here."""
    if one.severity not in _SEVERITY:
        return None
    height = one.height
    if height is None and site.terrain is not None:
        height = float(site.terrain.height_at(np.array([one.place]))[0])
    known = height is not None and math.isfinite(height)
    spot = [round(float(value), 2) for value in (*one.place, height or 0.0)] if known else None
    text = {"de": sentence(one, "de"), "en": sentence(one, "en")}
    return {"variant": of, "severity": _SEVERITY[one.severity], "text": text, "position": spot}


def plan_areas(site: Site, plots: Sequence[BuildingPlotEntry]) -> list[dict[str, Any]]:
    """Plan areas with what the plan fixes for them: what building plots that bear the name of one say of it."""
    found = []
    stated = {plot.name: plot.model_dump(include=_FIXED, exclude_none=True) for plot in plots}
    if site.plan_areas is not None:
        editions = plan_parts.editions(site)
        for number, (name, shape) in enumerate(zip(plan_parts.names(site), site.plan_areas.geometry, strict=True), 1):
            for part in shapely.get_parts(shape):
                rings = [np.round(np.asarray(ring.coords)[:, :2], 3).tolist() for ring in (part.exterior, *part.interiors)]
                limits = {
                    "use": "",
                    "grz": None,
                    "gfz": None,
                    "storeys": None,
                    "height": None,
                    "edition": editions[number - 1] or baunvo.NEWEST,
                    **stated.get(name, {}),
                }
                own = {"id": f"plangebiet-{number}", "name": name, "polygon": rings, **limits}
                found.append({**own, "area": round(float(part.area), 2)})
    return found


def streets(site: Site, focus: Sequence[float]) -> list[dict[str, Any]]:
    """Lines across the named streets around what all is about, the nearest first, for sections. focus : west, south, east, north of it."""
    if site.streets is None or site.terrain is None:
        return []
    around = shapely.box(*focus)
    middle = around.centroid
    ways: dict[str, list[Any]] = {}
    for name, line in zip(site.streets.columns["name"], site.streets.geometry, strict=True):
        if str(name) and line.distance(around) <= NEAR_STREET:
            ways.setdefault(str(name), []).append(line)
    found = []
    for name, lines in ways.items():
        line = min((part for one in lines for part in shapely.get_parts(one)), key=lambda part: part.distance(middle))
        at = float(line.project(middle))
        before, after = (shapely.get_coordinates(line.interpolate(np.clip(at + by, 0, line.length)))[0] for by in (-5.0, 5.0))
        here, way = shapely.get_coordinates(line.interpolate(at))[0], after - before
        if not np.hypot(*way):
            continue
        across = np.array([way[1], -way[0]]) / np.hypot(*way) * SECTION / 2
        if across[0] < 0:
            across = -across  # from west to east
        ends = np.array([here - across, here + across])
        heights = site.terrain.height_at(ends)
        if np.isfinite(heights).all():
            places = np.round(np.column_stack([ends, heights]), 2).tolist()
            found.append((line.distance(middle), {"name": {"de": name}, "from": places[0], "to": places[1]}))
    nearest = sorted(found, key=lambda pair: pair[0])[:MOST_STREETS]
    return [{"id": f"street-{number}", **one} for number, (_, one) in enumerate(nearest, 1)]


def viewpoint(one: ParticipationViewpoint, named: NamedCamera, site: Site) -> dict[str, Any]:
    """A viewpoint without its pictures: position, target and opening of the camera that they are taken with, as `scene.render` puts it."""
    eye, target = cameras.eye_and_target(named, site)
    opening = math.degrees(2 * math.atan(18.0 / named.focal_length * one.height / one.width))
    return {
        "id": one.id,
        "name": one.name.told(),
        "kind": "eye" if named.eye <= AT_EYE_HEIGHT else "aerial",
        "position": [round(float(value), 3) for value in eye],
        "target": [round(float(value), 3) for value in target],
        "field_of_view": round(opening, 3),
        "shift": round(1 / 6, 4) if named.target is None else 0.0,
    }
