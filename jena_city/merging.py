"""Two people's work on one variant made one: parameter by parameter, against what both began with where that is known.

What only one of them has changed is taken from them. What both have changed to different things is a conflict, and somebody has to
choose; until then it is as in the first one's, and what one of them deleted while the other changed it stays. Without a common
beginning everything that differs is a conflict, and what only one of them has is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import shapely

from .massing import solid
from .problems import InputProblem
from .variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, StandIn, Variant

Side = Literal["mine", "theirs"]
Kind = Literal["variant", "block", "open-space", "tree", "felled-tree", "removed"]
SAME = 2e-4  # metres: a file keeps coordinates to half of it
WHOLE = ""  # the parameter of a conflict about whether a thing is there
TOGETHER = "together"  # the parameter of one about a block that cannot be built of what both have changed
_OF_VARIANT = ("name", "colour", "author", "description", "status", "locked")
_NESTED = ("roof", "properties")
_THINGS: dict[Kind, str] = {
    "block": "blocks", "open-space": "open_spaces", "tree": "planted", "felled-tree": "felled", "removed": "removed",
}  # fmt: skip
_ABSENT = object()


@dataclass(frozen=True)
class Conflict:
    """What two people made different. variant : its id. thing : its id, "" for the variant itself; name : for people. parameter : as in the
    variant's file ("roof.pitch"); WHOLE and TOGETHER see above. mine, theirs : the values, None for what is not there."""

    variant: str
    kind: Kind
    thing: str
    name: str
    parameter: str
    mine: Any
    theirs: Any

    @property
    def key(self) -> str:
        """Names it, for choosing: rand/block/b1/storeys."""
        return "/".join(part for part in (self.variant, self.kind, self.thing, self.parameter) if part)

    @property
    def usual(self) -> Side:
        """What holds while nobody has chosen: mine, but nothing is lost."""
        return "theirs" if self.parameter == WHOLE and self.mine is None else "mine"

    def said(self, side: Side) -> str:
        """A value in words; "" for what is not there."""
        value = self.mine if side == "mine" else self.theirs
        if isinstance(value, shapely.Polygon):
            corners = sum(len(ring.coords) - 1 for ring in (value.exterior, *value.interiors))
            return f"{value.area:.1f} m², {corners}, {value.centroid.x:.1f} {value.centroid.y:.1f}"
        if isinstance(value, (list, tuple)):
            return ", ".join(f"{one:g}" if isinstance(one, float) else str(one) for one in value)
        if isinstance(value, StandIn):
            return f"{value.path}, {value.x:.1f} {value.y:.1f}, {value.turn:.0f}°"
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Merged:
    """variants : both in one. conflicts : all there are, chosen or not. renamed : new ids of things that both had added under one id, by
    variant/kind/id, and of variants by their ids."""

    variants: tuple[Variant, ...]
    conflicts: tuple[Conflict, ...]
    renamed: dict[str, str]


def merge(
    mine: Sequence[Variant], theirs: Sequence[Variant], base: Sequence[Variant] | None = None, choices: Mapping[str, Side] | None = None
) -> Merged:
    """Two states of a project's variants made one. base : what both began with, None: unknown. choices : by the keys of conflicts.

    Variants are in the order of mine, then those that only the other has.
    """
    here, there = ({one.id: one for one in variants} for variants in (mine, theirs))
    before = {one.id: one for one in base or ()}
    found: list[Variant] = []
    conflicts: list[Conflict] = []
    renamed: dict[str, str] = {}
    if base is not None:
        for name in [one for one in here if one in there and one not in before]:
            if not _same(here[name], there[name]):  # both have added one, and numbered it alike
                renamed[name] = _free(name, {*here, *there, *before})
                there[renamed[name]] = replace(there.pop(name), id=renamed[name])
    for name in dict.fromkeys([*here, *there]):
        work = _Work(name, choices or {}, base is not None)
        merged = work.variant(here.get(name), there.get(name), before.get(name))
        found += [] if merged is None else [merged]
        conflicts += work.conflicts
        renamed |= work.renamed
    return Merged(tuple(found), tuple(conflicts), renamed)


class _Work:
    """One variant merged: what was chosen, and what is found on the way."""

    def __init__(self, name: str, choices: Mapping[str, Side], has_base: bool) -> None:
        self.name, self.choices, self.has_base = name, choices, has_base
        self.conflicts: list[Conflict] = []
        self.renamed: dict[str, str] = {}

    def variant(self, mine: Variant | None, theirs: Variant | None, base: Variant | None) -> Variant | None:
        """None for one that is deleted."""
        if mine is None or theirs is None:
            there = mine if mine is not None else theirs
            assert there is not None
            if base is None:
                return there
            if _same(there, base):
                return None
            conflict = Conflict(self.name, "variant", "", there.name, WHOLE, *(None if one is None else one.name for one in (mine, theirs)))
            return mine if self.chosen(conflict) == "mine" else theirs
        own = self.parameters("variant", "", mine.name, _of_variant(mine), _of_variant(theirs), None if base is None else _of_variant(base))
        properties = {key.partition(".")[2]: value for key, value in own.items() if "." in key}
        plain = {key: value for key, value in own.items() if "." not in key}
        found: dict[str, Any] = {
            name: tuple(self.things(kind, *(() if one is None else getattr(one, name) for one in (mine, theirs, base))))
            for kind, name in _THINGS.items()
        }
        return replace(mine, **plain, properties=properties, **found)

    def chosen(self, conflict: Conflict) -> Side:
        self.conflicts.append(conflict)
        return self.choices.get(conflict.key, conflict.usual)

    def things(self, kind: Kind, mine: Sequence[Any], theirs: Sequence[Any], base: Sequence[Any]) -> list[Any]:
        """The things of one kind: mine in their order, then those that only the other has."""
        here, there, before = _by_id(mine), _by_id(theirs), _by_id(base)
        if self.has_base:
            for name in [one for one in here if one in there and one not in before]:
                if not _like(_shape(here[name]), _shape(there[name])):  # both have added something, and numbered it alike
                    fresh = _free(name, {*here, *there, *before})
                    there[fresh] = replace(there.pop(name), id=fresh)
                    self.renamed[f"{self.name}/{kind}/{name}"] = fresh
        found = []
        for name in dict.fromkeys([*here, *there]):
            one, other, old = here.get(name), there.get(name), before.get(name)
            if one is not None and other is not None:
                found.append(self.thing(kind, name, one, other, old))
            elif old is None:
                found.append(one if one is not None else other)
            elif not _equal(one if one is not None else other, old):
                word = str(getattr(old, "name", "") or name)
                conflict = Conflict(self.name, kind, name, word, WHOLE, None if one is None else word, None if other is None else word)
                kept = one if self.chosen(conflict) == "mine" else other
                found += [] if kept is None else [kept]
        return found

    def thing(self, kind: Kind, name: str, mine: Any, theirs: Any, base: Any) -> Any:
        if isinstance(mine, str):
            return mine
        word = str(getattr(mine, "name", "") or name)
        before = len(self.conflicts)
        values = self.parameters(kind, name, word, _parameters(mine), _parameters(theirs), None if base is None else _parameters(base))
        made = _thing(mine, values)
        if not isinstance(made, Block) or _equal(made, mine) or _equal(made, theirs) or _builds(made):
            return made
        if not _builds(mine) and not _builds(theirs):
            return made
        del self.conflicts[before:]
        conflict = Conflict(self.name, kind, name, word, TOGETHER, *(_parameters(one)["footprint"] for one in (mine, theirs)))
        return mine if self.chosen(conflict) == "mine" else theirs

    def parameters(
        self, kind: Kind, name: str, word: str, mine: dict[str, Any], theirs: dict[str, Any], base: dict[str, Any] | None
    ) -> dict[str, Any]:
        """The parameters of one thing, merged."""
        found = {}
        for key in dict.fromkeys([*mine, *theirs]):
            one, other = mine.get(key, _ABSENT), theirs.get(key, _ABSENT)
            if _like(one, other):
                value = one
            elif base is not None and _like(one, base.get(key, _ABSENT)):
                value = other
            elif base is not None and _like(other, base.get(key, _ABSENT)):
                value = one
            else:
                shown = (None if value is _ABSENT else value for value in (one, other))
                value = one if self.chosen(Conflict(self.name, kind, name, word, key, *shown)) == "mine" else other
            if value is not _ABSENT:
                found[key] = value
        return found


def _same(one: Variant, other: Variant) -> bool:
    work = _Work(one.id, {}, has_base=False)
    work.variant(one, other, None)
    return not work.conflicts and all(_by_id(getattr(one, name)).keys() == _by_id(getattr(other, name)).keys() for name in _THINGS.values())


def _of_variant(variant: Variant) -> dict[str, Any]:
    return {name: getattr(variant, name) for name in _OF_VARIANT} | {f"properties.{key}": one for key, one in variant.properties.items()}


def _parameters(thing: Any) -> dict[str, Any]:
    """All of a thing but its id, one level deep."""
    found: dict[str, Any] = {}
    for one in fields(thing):
        value = getattr(thing, one.name)
        if one.name in _NESTED:
            found |= {f"{one.name}.{key}": part for key, part in (vars(value) if isinstance(value, Roof) else value).items()}
        elif one.name != "id":
            found[one.name] = value
    return found


def _thing(like: Any, parameters: dict[str, Any]) -> Any:
    """The inverse of `_parameters`, with the id of another."""
    plain = {key: value for key, value in parameters.items() if "." not in key}
    parts: dict[str, dict[str, Any]] = {name: {} for name in _NESTED}
    for key, value in parameters.items():
        head, dot, tail = key.partition(".")
        if dot:
            parts[head][tail] = value
    roof = {"roof": Roof(**parts["roof"])} if isinstance(like, Block) else {}
    return replace(like, **plain, **roof, properties=parts["properties"])


def _by_id(things: Sequence[Any]) -> dict[str, Any]:
    """Things by what names them: their id, a felled tree by its place; what is there twice keeps a name of its own."""
    found: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for one in things:
        name = one if isinstance(one, str) else "{:.2f} {:.2f}".format(*one.position) if isinstance(one, FelledTree) else one.id
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} #{seen[name]}"] = one
    return found


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def _shape(thing: Any) -> Any:
    """Where a thing lies."""
    if isinstance(thing, (Block, OpenSpace)):
        return thing.footprint if isinstance(thing, Block) else thing.shape
    return thing.position if isinstance(thing, PlantedTree) else None


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str):
        return bool(one == other)
    mine, theirs = _parameters(one), _parameters(other)
    return mine.keys() == theirs.keys() and all(_like(value, theirs[key]) for key, value in mine.items())


def _like(one: Any, other: Any) -> bool:
    """Whether two values are the same, coordinates as far as a file keeps them."""
    if isinstance(one, shapely.Polygon) and isinstance(other, shapely.Polygon):
        return bool(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), SAME)) or bool(
            one.symmetric_difference(other).area <= SAME * (one.length + other.length) / 2
        )
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other) == 2 and isinstance(one[0], float):
        return bool(np.allclose(one, other, rtol=0, atol=SAME))
    return bool(one == other)


def _builds(block: Block) -> bool:
    try:
        solid(block, 0.0)
    except InputProblem:
        return False
    return True
