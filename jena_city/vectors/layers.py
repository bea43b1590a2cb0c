"""The layers of a vector file, and what each of them holds by its columns and shapes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from ..problems import InputProblem, Report
from . import gml
from .cover import kind_in_name
from .tables import RAILS, Shapes, Table

Kind = Literal["streets", "trees", "areas", "plots", "lines"]
Raw = tuple[Shapes, dict[str, npt.NDArray[Any]], str]
"""Shapes (n,), columns (n,) by the file's names, and the coordinate system named, "" for none."""
_LOOKED_AT = 500  # features that tell what a layer is
_LOOKED_AT_GML = 5000  # features of all classes of a GML
_PLOTS = ("Flurstueck", "AX_Flurstueck", "CadastralParcel")


def kinds(path: Path) -> dict[str, Kind | None]:
    """What each layer of a file is: streets, trees, areas or plots, lines for any other, None where nothing has a place.

    Raises InputProblem for a file that cannot be read.
    """
    if gml.is_one(path):
        if gml.is_nas(path):
            return {"AX_Flurstueck": "plots"}
        looked = gml.read(path, Report(), most=_LOOKED_AT_GML)
        return {name: kind_of(name, path, layer.geometry, layer.columns) for name, layer in looked.items()}
    import pyogrio

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
        looked_at = {name: features(path, name, _LOOKED_AT) for name in names}
    except errors() as error:
        raise InputProblem(path, f"the file cannot be read ({str(error).splitlines()[0]})", "Export it again") from error
    return {name: kind_of(name, path, shapes, columns) for name, (shapes, columns, _) in looked_at.items()}


def kind_of(name: str, path: Path, features: Shapes, columns: dict[str, npt.NDArray[Any]]) -> Kind | None:
    """What a layer holds, by its columns and by the shapes that most of its features have."""
    parts = shapely.get_parts(features)
    if not len(parts):
        return None
    types, counts = np.unique(shapely.get_dimensions(parts), return_counts=True)
    dimension = int(types[np.argmax(counts)])
    table = Table(np.zeros(0, object), columns)
    natural = set(columns.get("natural", np.zeros(0, object)).tolist())
    if dimension == 0 and (says_trees(list(columns)) or natural & {"tree"}):
        return "trees"
    closed = dimension == 1 and shapely.is_closed(parts).mean() > 0.5
    rails = set(columns.get("railway", np.zeros(0, object)).tolist()) & set(RAILS)
    if dimension == 1 and not closed and (rails or table.has("class") or table.has("speed") or table.has("traffic")):
        return "streets"
    if dimension == 2 and (name in _PLOTS or table.has("plot_id") or table.has("numerator")):
        return "plots"
    if (dimension == 2 or closed) and (table.has("kind") or kind_in_name(path, name)):
        return "areas"
    return "lines"


def says_trees(names: list[str]) -> bool:
    """Whether names of columns are those of a tree register."""
    header = Table(np.zeros(0, object), {name: np.zeros(0, object) for name in names})
    return sum(header.has(meaning) for meaning in ("species", "crown", "girth", "trunk")) >= 2 or header.has("girth")


def features(path: Path, layer: str, most: int | None = None) -> Raw:
    """The features of a layer as they stand in the file. Raises errors of `errors`."""
    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's, about what it skips: what is not there is counted
        try:
            meta, _, shapes, fields = pyogrio.raw.read(path, layer=layer, max_features=most)
        except UnboundLocalError as error:  # pyogrio's own slip
            raise ValueError("its coordinate system is not UTF-8 text") from error
    found = np.asarray(shapely.from_wkb(shapes, on_invalid="ignore"), object) if shapes is not None else np.zeros(0, object)
    return found, dict(zip(meta["fields"], fields, strict=True)), meta["crs"] or ""


def errors() -> tuple[type[Exception], ...]:
    """What pyogrio raises for files that it cannot read."""
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    return DataLayerError, DataSourceError, FeatureError, GeometryError, ValueError
