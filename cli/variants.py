"""Variants: written, compared, merged, held against rules and neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .output import DONE_WITH_PROBLEMS, answer_table, json_option, number, output, problem_line, progress_bar, report_problems, rounded


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--variant", default="bestand", show_default=True, help="Id of the variant whose blocks stand and whose removed buildings do not."
)
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(("citygml2", "citygml3", "cityjson", "geojson", "gltf", "dxf")),
    help="What to write.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write.")
@json_option
def export(project: Path, variant: str, kind: str, out: Path, as_json: bool) -> None:
    """The town with a variant as a city model, for the geodata office and other programs."""
    output.json = as_json
    from dataclasses import asdict

    from ..pipeline import asking, opening

    with progress_bar() as progress:
        report = asking.export(opening.load(project), variant, kind, out, progress=progress)
    problems = [asdict(problem) for problem in report.problems]
    data = {"path": str(out), "buildings": report.buildings, "building_parts": report.building_parts, "problems": problems}
    lines = [f"{number(report.buildings, 'building')} and {number(report.building_parts, 'part')} written to {out}"]
    output.answer(data, "\n".join([*lines, *(f"- {problem['code']}: {problem_line(problem)}" for problem in problems)]))
    report_problems(problems)


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--base", default="bestand", show_default=True, help="Id of the variant that differences are taken to.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), default=None, help="File to write the table to.")
@click.option("--xlsx", "xlsx_file", type=click.Path(path_type=Path), default=None, help="Workbook to write all of it to.")
@click.option("--findings", "findings_file", type=click.Path(path_type=Path), default=None, help="CSV file to write the findings to.")
@json_option
def compare(project: Path, base: str, csv_file: Path | None, xlsx_file: Path | None, findings_file: Path | None, as_json: bool) -> None:
    """The key figures of all variants side by side, and what the rules find."""
    output.json = as_json
    from dataclasses import asdict

    from ..jena_city import comparing
    from ..jena_city.files import write_text
    from ..pipeline import comparisons, opening

    with progress_bar() as progress:
        made = comparisons.compare(opening.load(project), base, progress=progress)
    if csv_file is not None:
        write_text(csv_file, comparing.as_csv(made.rows, list(made.variants)))
    if findings_file is not None:
        write_text(findings_file, comparing.findings_as_csv(made.findings, made.origin))
    if xlsx_file is not None:
        made.write_workbook(xlsx_file)
    problems = [asdict(problem) for problem in made.problems]
    data: dict[str, Any] = {
        "base": base,
        "variants": {name: {"name": one.name, "status": one.status} for name, one in made.variants.items()},
        "law": made.law,
        "assumptions": made.assumptions,
        "figures": [row.as_dict() for row in made.rows],
        "findings": {name: comparing.findings_as_dicts(found, made.origin) for name, found in made.findings.items()},
        "land": {name: [{**asdict(one), "net": one.net} for one in found] for name, found in made.balances.items()},
        "problems": problems,
    }
    table = [
        {"": f"{row.place}: {row.name}" if row.place else row.name, "unit": row.unit}
        | {name: "–" if (value := row.value(name)) is None else rounded(value) for name in made.variants}
        for row in made.rows
    ]
    answer_table(data, table)
    if not as_json:
        for name, found in data["findings"].items():
            for one in found:
                east, north = one["place"]
                said = f"{name}, {one['severity']}: {one['sentence']['en']}, at {east:.1f} {north:.1f}"
                print(f"- {said}", file=output.real, flush=True)
    report_problems(problems)


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("model", type=click.Path(path_type=Path, exists=True))
@click.option("--variant", required=True, help="Id of the variant.")
@click.option("--block", "instead", default="", help="Id of the block that it stands in for; default: a new one.")
@click.option(
    "--at", nargs=2, type=float, metavar="E N", help="Where its zero lies, in the project's coordinate system; an IFC may say it."
)
@click.option("--height", type=float, help="Height of that zero in the project's height system; default: it stands on the ground.")
@click.option("--turn", type=float, default=0.0, show_default=True, help="Degrees counter-clockwise about its zero.")
@click.option("--scale", type=click.FloatRange(min=0, min_open=True), help="Metres for each unit of the file; default 1.")
@click.option(
    "--point", "points", nargs=4, type=float, multiple=True, metavar="X Y E N", help="Instead: a point of it and its place (three times)."
)
@click.option("--fit-scale", is_flag=True, help="Let the points say the scale too.")
@click.option("--up", type=click.Choice(("y", "z")), help="Axis of the file that points upward; default: glTF y, OBJ z.")
@click.option("--storeys", type=click.IntRange(1, 200), help="Default: by its height.")
@click.option("--floor-area", type=click.FloatRange(min=0), help="Geschossfläche as the architect states it, m²; default: measured.")
@json_option
def place(
    project: Path,
    model: Path,
    variant: str,
    instead: str,
    at: tuple[float, float] | None,
    height: float | None,
    turn: float,
    scale: float | None,
    points: tuple[tuple[float, float, float, float], ...],
    fit_scale: bool,
    up: Any,
    storeys: int | None,
    floor_area: float | None,
    as_json: bool,
) -> None:
    """An architect's model (glTF, OBJ, IFC) in the place of a block of a variant."""
    output.json = as_json
    from ..pipeline import incoming, opening

    by_file = at is None and not points and model.suffix.lower() == ".ifc"  # which may say it itself
    if (at is None) == (not points) and not by_file:
        raise click.UsageError("Say where it stands: either --at or --point.")
    if by_file and (turn or height is not None or scale is not None):
        raise click.UsageError("--turn, --height and --scale need --at: without it the IFC says where it stands.")
    if points and (turn or height is not None):
        raise click.UsageError("With --point the model's turn is known, and it stands on the ground: leave --turn and --height out.")
    if fit_scale and (scale is not None or not points):
        raise click.UsageError("--fit-scale needs --point, and no --scale.")
    where: list[tuple[float, ...]] = [one[2:] for one in points]
    if at is not None:
        where = [(*at, *(() if height is None else (height,)))]
    with progress_bar() as progress:
        made = incoming.place(
            opening.load(project),
            model,
            variant,
            where,
            at=[one[:2] for one in points],
            turn=turn,
            scale=None if fit_scale else scale or 1.0,
            up=up or "",
            storeys=storeys,
            floor_area=floor_area,
            instead=instead,
            progress=progress,
        )
    block, fit, found = made.block, made.fit, made.measured
    data = {
        "block": block.id,
        "footprint": block.footprint.area,
        "height": fit.scale * found.height,
        "storeys": block.storeys,
        "closed": found.closed,
        "volume": fit.scale**3 * found.volume if found.closed else None,
        "turn": fit.turn,
        "scale": fit.scale,
        "error": fit.error,
        "worst": fit.worst,
        "model": block.stand_in.path if block.stand_in is not None else "",
        "written": str(made.file),
    }
    lines = [
        f"{model.name} stands in for block {block.id}: {data['footprint']:.1f} m², {data['height']:.2f} m high, {block.storeys} storeys",
        f"volume {data['volume']:.1f} m³" if found.closed else "it is not closed: its volume is that of the plain block",
    ]
    if points:
        lines.append(f"turned by {fit.turn:.3f}°, scale {fit.scale:.6g}; the points differ by {fit.error:.3f} m, at most {fit.worst:.3f} m")
    output.answer(data, "\n".join(lines))


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--base",
    type=click.Path(path_type=Path, exists=True),
    help="What both began with: an older copy. Without it, all that differs is to be chosen.",
)
@click.option("--take", multiple=True, metavar="CONFLICT", help="Take their value of this conflict (repeatable).")
@click.option("--keep", multiple=True, metavar="CONFLICT", help="Keep the project's value of this conflict (repeatable).")
@click.option("--undecided", type=click.Choice(("mine", "theirs")), help="Whose value counts in all other conflicts.")
@click.option("--dry-run", is_flag=True, help="Only list the conflicts.")
@json_option
def merge(
    project: Path,
    theirs: Path,
    base: Path | None,
    take: tuple[str, ...],
    keep: tuple[str, ...],
    undecided: Any,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Somebody else's variants (THEIRS: a project, a folder of .geojson files, or one) into PROJECT.

    Where both have changed the same thing nothing is written before somebody has chosen (exit code 1, conflicts listed).
    """
    output.json = as_json
    from ..pipeline import incoming, opening

    choices: dict[str, Any] = dict.fromkeys(take, "theirs") | dict.fromkeys(keep, "mine")
    with progress_bar() as progress:
        made, left, written = incoming.merge(
            opening.load(project), theirs, base, choices, undecided=undecided, write=not dry_run, progress=progress
        )
    conflicts = [
        {"key": one.key, "name": one.name, "mine": one.said("mine"), "theirs": one.said("theirs"), "open": one in left}
        for one in made.conflicts
    ]
    data = {
        "variants": [one.id for one in made.variants],
        "conflicts": conflicts,
        "renamed": made.renamed,
        "written": [str(path) for path in written],
    }
    lines = [
        f"- {one['key']}: {one['mine'] or 'deleted'} (mine) or {one['theirs'] or 'deleted'} (theirs)" for one in conflicts if one["open"]
    ]
    if left:
        lines.insert(0, f"{number(len(left), 'value')} changed by both; nothing is written. Choose with --take, --keep or --undecided:")
        output.exit_code = DONE_WITH_PROBLEMS
    else:
        lines.append(f"{number(len(made.variants), 'variant')} merged, {number(len(written), 'file')} written")
    lines += [f"- {old} of theirs is now {new}: both had added one under that id" for old, new in made.renamed.items()]
    output.answer(data, "\n".join(lines))


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--variant", default="bestand", show_default=True, help="Id of the variant whose blocks are held against their neighbours.")
@click.option("--radius", type=click.FloatRange(0, 2000, min_open=True), default=100.0, show_default=True, help="Metres around the blocks.")
@click.option("--streets", is_flag=True, help="Instead of a radius: the block of houses between the streets.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Folder for the list (CSV, JSON) and the maps (PNG).")
@json_option
def surroundings(project: Path, variant: str, radius: float, streets: bool, out: Path | None, as_json: bool) -> None:
    """The neighbours of a variant's blocks, ranked (§ 34 BauGB)."""
    output.json = as_json
    from ..analyses.surroundings import Surroundings
    from ..jena_city import neighbours
    from ..pipeline import asking, opening

    settings = Surroundings(around="streets" if streets else "radius", radius=radius)
    with progress_bar() as progress:
        found, files = asking.surroundings(opening.load(project), variant, settings, out, progress=progress)
    data = {**neighbours.as_dict(found), "files": [str(path) for path in files]}
    table = [
        {
            "": str(found.rank(one, "height")),
            "building": one.name,
            "height": f"{one.height:.1f}",
            "storeys": f"{one.storeys:g}" + {"geschätzt": " (estimated)", "geplant": " (planned)"}.get(one.storeys_from, ""),
            "footprint": f"{one.footprint:.0f}",
            "covered": "–" if one.covered != one.covered else f"{one.covered:.2f}",
            "density": "–" if one.density != one.density else f"{one.density:.2f}",
            "distance": f"{one.distance:.0f}",
        }
        for one in found.ranked
    ]
    if not table:
        output.answer(data, "There is no building around.")
        return
    answer_table(data, table)
    if not as_json:
        for one in data["blocks"].values():
            for sentence in one["said_english"]:
                print(f"- {one['name']}: {sentence}", file=output.real, flush=True)


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--variant", default="bestand", show_default=True, help="Id of the variant whose streets and open spaces hold.")
@click.option("--plot", "plots", multiple=True, help="Name of a building plot; without one, and without --at, all.")
@click.option("--at", "places", type=(float, float), multiple=True, help="A place in the project's CRS, on a plot, parcel or plan area.")
@click.option("--storey", type=click.FloatRange(2, 10), default=3.0, show_default=True, help="Metres of height for each Vollgeschoss.")
@click.option("--small", is_flag=True, help="For dwellings of Gebäudeklasse 1 and 2: the least depth suffices.")
@json_option
def envelope(
    project: Path, variant: str, plots: tuple[str, ...], places: tuple[tuple[float, float], ...], storey: float, small: bool, as_json: bool
) -> None:
    """The largest body that the rules allow on a plot, and which rule limits it where."""
    output.json = as_json
    from ..jena_city.envelope import LIMITS, told
    from ..pipeline import asking, opening

    with progress_bar() as progress:
        found = asking.envelopes(opening.load(project), variant, plots, places, storey=storey, small=small, progress=progress)
    bodies = [
        {
            "plot": body.name,
            "figures": [{"name": name, "value": round(value, 3), "unit": unit} for name, value, unit in told(body, plot)],
            "limits": [
                {"limit": limit, "name": LIMITS[limit][0], "colour": LIMITS[limit][2], "area": round(area, 3)}
                for limit, area in body.areas().items()
            ],
            "notes": list(body.notes),
        }
        for plot, body in found
    ]
    lines = []
    for plot, body in found:
        lines.append(f"{body.name}: {body.volume:.0f} m³ on {body.ground.area:.0f} m², up to {body.top:.2f} m")
        lines += [f"- {LIMITS[limit][1]}: {area:.0f} m² of faces" for limit, area in body.areas().items()]
        lines += [f"- {name}: {value:.0f} {unit}" for name, value, unit in told(body, plot)[3:]]
        lines += [f"- {note}" for note in body.notes]
    output.answer({"bodies": bodies}, "\n".join(lines))
