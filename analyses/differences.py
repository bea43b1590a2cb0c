"""By how much a result of one variant differs from the same result of another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..jena_city.lettering import number
from ..jena_city.problems import InputProblem
from ..jena_city.result import Classes, Faces, Result
from .sun_hours import CHANGE, MASK, MASK_CHANGE
from .sun_times import FREQUENCY, FREQUENCY_CHANGE

_STEPS = (0.05, 0.1, 0.25, 0.5)  # edges of a scale that nobody has made, as shares of its end
_COLOURS = ("#2166ac", "#67a9cf", "#d1e5f0", "#f2f2f2", "#ffffff", "#f2f2f2", "#fddbc7", "#ef8a62", "#b2182b")


def difference(one: Result, other: Result, name: str) -> Result:
    """The first less the second, with classes for differences. name : of the other's variant, for the title. On façades and roofs what
    both have is compared. Raises InputProblem where there is nothing alike."""
    if isinstance(one.support, Faces) and isinstance(other.support, Faces):
        other = _on(one.support, other)
    head, _, where = one.title.rpartition(", ")
    title = f"{head}: Änderung gegenüber {name}, {where}"
    found = one.subtract(other, name=f"{one.name}-change", title=title, classes=CHANGE)
    if not found.valid.any():
        raise InputProblem(one.title, f"it has no place in common with {other.title} ({other.variant})", "Compute both alike")
    return replace(found, classes=_classes(one, found.values[found.valid]))


def _on(faces: Faces, result: Result) -> Result:
    """A result on the cells of other faces, valid where they are cells of its own too."""
    own, wanted = _marks(result.support.points), _marks(faces.points)
    order = np.argsort(own)
    at = np.minimum(np.searchsorted(own, wanted, sorter=order), max(len(own) - 1, 0))
    source = order[at] if len(own) else np.zeros(len(wanted), np.int64)
    same = own[source] == wanted if len(own) else np.zeros(len(wanted), bool)
    values, valid = np.zeros(faces.size, np.float32), np.zeros(faces.size, bool)
    values[same], valid[same] = result.values[source[same]], result.valid[source[same]]
    return replace(result, support=faces, values=values, valid=valid)


def _marks(points: npt.NDArray[np.float64]) -> npt.NDArray[np.void]:
    """(n,) one value for each point, the same within a millimetre."""
    whole = np.ascontiguousarray(np.round(points * 1000).astype(np.int64))
    return whole.view([("x", np.int64), ("y", np.int64), ("z", np.int64)]).ravel()


def _classes(one: Result, values: npt.NDArray[np.float32]) -> Classes:
    if one.classes == MASK:
        return MASK_CHANGE
    if one.classes == FREQUENCY:
        return FREQUENCY_CHANGE
    if one.unit == "h":
        return CHANGE
    end = float(np.abs(values).max()) or 1.0
    place = 10.0 ** np.floor(np.log10(end))
    end = float(np.ceil(end / place) * place)
    inner = [end * step for step in _STEPS]
    digits = max(int(2 - np.floor(np.log10(end))), 0)
    words = [number(edge, digits) for edge in inner]
    more = [f"{low} bis {high} mehr" for low, high in zip(words, words[1:], strict=False)] + [f"über {words[-1]} mehr"]
    less = [one_.replace("mehr", "weniger") for one_ in reversed(more)]
    edges = (-end, *(-edge for edge in reversed(inner)), *inner, end)
    return Classes(edges, _COLOURS, (*less, f"kaum verändert (unter {words[0]})", *more))
