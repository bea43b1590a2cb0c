"""Trees: height, crown and species from registers, GeoJSON and OpenStreetMap; crowns estimated where only the trunk was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ..arrays import FloatArray
from ..origin import Origin
from ..problems import Report
from ..site import Trees
from .reading import read
from .tables import Box, Paths

TALLEST, WIDEST, THICKEST = 70.0, 45.0, 400.0  # metres, metres, cm of trunk; no tree in Europe is higher, wider or thicker
# Crown diameter (m) of trees in the open from the trunk's diameter d (cm) at 1.3 m: exp(a + b ln d).
# Hasenauer, H. (1997): Dimensional relationships of open-grown trees in Austria. Forest Ecology and Management 96, 197-206. The same
# coefficients stand in the growth model PROGNAUS of the BOKU (function SD.P), which takes those of the birch for other broadleaved trees.
_CROWNS = {
    ("picea", "fichte"): (-0.3232, 0.6441),
    ("abies", "tanne"): (0.092, 0.538),
    ("larix", "lärche"): (-0.3396, 0.6823),
    ("pinus nigra", "schwarzkiefer"): (-0.157, 0.631),
    ("pinus cembra", "zirbe", "arve"): (-1.3154, 0.8288),
    ("pinus", "kiefer"): (-0.1797, 0.6267),
    ("fagus", "rotbuche", "blutbuche"): (0.2662, 0.6072),
    ("quercus", "eiche"): (-0.3973, 0.7328),
    ("fraxinus", "esche"): (0.1366, 0.6183),
    ("acer", "ahorn"): (0.418, 0.5285),
}
_BROADLEAVED = (0.1783, 0.5665)
_ALIKE = ("carpinus", "eberesche", "eibisch")
_CONIFERS = (
    "picea", "abies", "larix", "pinus", "pseudotsuga", "taxus", "thuja", "juniperus", "cedrus", "chamaecyparis", "sequoia", "metasequoia",
    "tsuga", "taxodium", "fichte", "tanne", "lärche", "kiefer", "douglasie", "eibe", "lebensbaum", "wacholder", "zeder", "needleleaved",
)  # fmt: skip


@lru_cache(maxsize=4096)
def species_group(name: str) -> str:
    """conifer or broadleaved by a Latin or German name (or OpenStreetMap's leaf_type); "" for an empty one."""
    words = name.lower()
    return "" if not words else "conifer" if _is_any(words, _CONIFERS) else "broadleaved"


def crown_of_trunk(diameter: npt.ArrayLike, species: list[str]) -> FloatArray:
    """Crown diameters (n,) in metres from trunk diameters (n,) in cm at 1.3 m, by species (n,); Hasenauer (1997). NaN stays NaN."""
    factors = np.array([_factors(name.lower()) for name in species], float).reshape(-1, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.exp(factors[:, 0] + factors[:, 1] * np.log(np.asarray(diameter, float))))


def _factors(name: str) -> tuple[float, float]:
    return next((pair for words, pair in _CROWNS.items() if _is_any(name, words)), _BROADLEAVED)


def _is_any(name: str, words: tuple[str, ...]) -> bool:
    """Whether a name of a tree has one of these words, alone or at the end of a German one (Stieleiche); those of other trees that
    only sound alike have not: Carpinus is no Pinus, the Eberesche no Esche."""
    for other in _ALIKE:
        name = name.replace(other, "")
    return any(word in name for word in words)


def read_trees(
    paths: Paths, origin: Origin, report: Report, bbox: Box | None = None, columns: Mapping[Any, Sequence[str]] | None = None
) -> Trees:
    """Points with height and crown diameter in metres (NaN where neither given nor to be told from the trunk) and species.

    columns : names of columns by meaning (height, crown, girth, trunk, species) that go before the usual ones.
    """
    table = read(paths, origin, "trees", report, bbox)
    table.named = columns or {}
    report.features["trees"] = len(table.geometry)
    position = np.column_stack([shapely.get_x(table.geometry), shapely.get_y(table.geometry)])
    height, crown = table.number("height"), table.number("crown")
    odd_height, odd_crown = _odd(height, TALLEST), _odd(crown, WIDEST)
    if odd := int(np.count_nonzero(odd_height | odd_crown)):
        limits = f"higher than {TALLEST:g} m, wider than {WIDEST:g} m, or of no size"
        sentence = f"{odd} trees are said to be {limits}; that size was taken as unknown"
        report.add("odd-trees", str(paths[0]), "", sentence)
    height, crown = np.where(odd_height, np.nan, height), np.where(odd_crown, np.nan, crown)
    species = table.text("species").tolist()
    girths, girth_unit = _in_cm(table.number("girth"), 10.0)
    diameters, diameter_unit = _in_cm(table.number("trunk"), 3.5)
    by_girth = np.isfinite(girths) & (girths > 0)  # it was measured
    trunk = np.where(by_girth, girths / np.pi, diameters)
    trunk = np.where((trunk > 0) & (trunk <= THICKEST), trunk, np.nan)
    estimated = np.isnan(crown) & np.isfinite(trunk)
    if estimated.any():
        crown = np.where(estimated, crown_of_trunk(trunk, species), crown)
        whole, of_girth = np.count_nonzero(estimated), np.count_nonzero(estimated & by_girth)
        units = f"{of_girth} girths were taken as {girth_unit}, {whole - of_girth} diameters as {diameter_unit}"
        sentence = f"the crowns of {whole} trees were estimated from their trunks (Hasenauer 1997, open-grown trees); {units}"
        report.add("estimated-crowns", str(paths[0]), "", sentence)
    return Trees(position, height, crown, species)


def _odd(sizes: FloatArray, most: float) -> npt.NDArray[np.bool_]:
    return np.asarray(~((sizes > 0) & (sizes <= most) | np.isnan(sizes)))


def _in_cm(values: FloatArray, most: float) -> tuple[FloatArray, str]:
    """Lengths in cm, and the unit they were taken to be in: metres when even the large values stay under `most`, else cm."""
    known = values[np.isfinite(values) & (values > 0)]
    return (values * 100, "m") if len(known) and np.quantile(known, 0.95) < most else (values, "cm")
