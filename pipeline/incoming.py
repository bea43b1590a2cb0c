"""What others made, into a project's variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..jena_city import imported, merging, project, stand_in, variant_folder
from ..jena_city.files import slug
from ..jena_city.problems import InputProblem, Progress, no_progress
from ..jena_city.variant import Block, Up
from .opening import Project


def merge(
    opened: Project,
    theirs: Path,
    base: Path | None,
    choices: Mapping[str, merging.Side],
    *,
    undecided: merging.Side | None = None,
    write: bool = True,
    progress: Progress = no_progress,
) -> tuple[merging.Merged, list[merging.Conflict], list[Path]]:
    """Somebody else's variants put together with a project's, in its folder. theirs, base : a project folder, a folder of .geojson files,
    or one file; of a single file the project's other variants stay as they are. choices : by the keys of conflicts. undecided : what else
    holds; None: then nothing is written. write : False: nothing is. Returns what was merged, the conflicts left, and the files written or
    moved. Raises InputProblem, Cancelled."""
    at = imported.imported(opened.file, opened.folder, progress).site.origin
    own = [variant for _, variant in variant_folder.read(opened.folder, opened.file, at).values()]
    other = variant_folder.read_any(theirs, at)
    before = None if base is None else variant_folder.read_any(base, at)
    touched = {one.id for one in other} if theirs.suffix == ".geojson" else {one.id for one in (*own, *other)}
    mine = [one for one in own if one.id in touched]
    before = None if before is None else [one for one in before if one.id in touched]
    made = merging.merge(mine, other, before, choices)
    unknown = set(choices) - {one.key for one in made.conflicts}
    if unknown:
        known = ", ".join(one.key for one in made.conflicts) or "none"
        raise InputProblem("merge", f"there is no conflict called {min(unknown)}", f"Known: {known}")
    left = [one for one in made.conflicts if one.key not in choices]
    if left and undecided is not None:
        made = merging.merge(mine, other, before, {**choices, **{one.key: undecided for one in left}})
        left = []
    if left or not write:
        return made, left, []
    wanted = [*(one for one in own if one.id not in touched), *made.variants]
    written = variant_folder.write(opened.folder, opened.file, at, wanted)
    file = variant_folder.with_files(opened.file, opened.folder, written)
    if file != opened.file:
        project.write(opened.path, file)
        written.append(opened.path)
    return made, left, written


@dataclass(frozen=True)
class Placed:
    """A model that was placed: the block it stands in for, how well the points fit, what was measured, and the file written."""

    block: Block
    fit: stand_in.Fit
    measured: stand_in.Measured
    file: Path


def place(
    opened: Project,
    model: Path,
    variant: str,
    where: Sequence[Sequence[float]],
    *,
    at: Sequence[Sequence[float]] = (),
    turn: float = 0.0,
    scale: float | None = 1.0,
    up: Up = "",
    storeys: int | None = None,
    floor_area: float | None = None,
    instead: str = "",
    progress: Progress = no_progress,
) -> Placed:
    """Let an architect's model stand in for a block of a variant; its file is copied into the project.

    where : places in the project's CRS (E, N or E, N, height): of the points `at` of the model, or one, of its zero; then it is turned by
    `turn` (degrees counter-clockwise) and scaled; none: as the file itself says (IFC). scale : metres for each unit, None: as the points
    say. instead : id of the block that it stands in for, "": a new one. Raises InputProblem.
    """
    origin = imported.imported(opened.file, opened.folder, progress).site.origin
    there = variant_folder.read(opened.folder, opened.file, origin)
    if variant not in there:
        raise InputProblem(opened.path, f"there is no variant called {variant}", f"Known: {', '.join(there) or 'none'}")
    old = there[variant][1]
    if instead and instead not in {one.id for one in old.blocks}:
        known = ", ".join(one.id for one in old.blocks) or "none"
        raise InputProblem(f"variant {variant}", f"there is no block called {instead}", f"Known: {known}")
    name = next((one.name for one in old.blocks if one.id == instead), "") or model.stem
    if len(where):
        places = np.array(where, np.float64)
        places[:, :2] = origin.to_local(places[:, :2])
        fit = stand_in.placed(places, np.array(at, np.float64) if len(at) else None, turn, scale)
    elif (said := stand_in.as_said(model, origin)) is not None:
        fit = said
    else:
        raise InputProblem(model, "it does not say where it stands", "Give the place of its zero, or three points of it and theirs")
    own = stand_in.kept(model, opened.folder, up)
    found = stand_in.measured(str(model), stand_in.mesh_of(own))
    number = instead or variant_folder.free_id(old, slug(model.stem))
    block = stand_in.as_block(own, fit, found, storeys=storeys, floor_area=floor_area, name=name)
    blocks = stand_in.in_place(old.blocks, replace(block, id=number), instead)
    [file] = variant_folder.write(
        opened.folder, opened.file, origin, [replace(one, blocks=blocks) if one.id == variant else one for _, one in there.values()]
    )
    return Placed(next(one for one in blocks if one.id == number), fit, found, file)
