"""Geodata: what is in files, and how it becomes a project."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from ..jena_city.problems import InputProblem, Progress
from .output import (
    DONE_WITH_PROBLEMS,
    answer_run,
    answer_table,
    json_option,
    number,
    output,
    progress_bar,
    report_problems,
    report_text,
    stop,
)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help="Folder for the project.")
@json_option
def demo(out: Path, as_json: bool) -> None:
    """The embedded sample, end to end: a made-up quarter, sun hours, pictures."""
    output.json = as_json
    from ..jena_city import sample
    from ..jena_city.problems import stretch
    from ..pipeline import contact_sheet, opening, steps

    project = sample.write(out)
    with progress_bar() as progress:
        opened = opening.load(project)
        report = steps.run(opened, progress=stretch(progress, 0, 0.75))
        contact_sheet.of_presets(opened, progress=stretch(progress, 0.75, 1))
    answer_run(report)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--crs", help="Coordinate system of the data, where they name none or a wrong one (EPSG:25832).")
@click.option("--lod", type=click.IntRange(1, 3), help="Level of detail to count; default: the highest of each building.")
@click.option("--profile", help="A town's profile (see `profiles`) to hold the files against.")
@click.option("--system", is_flag=True, help="Instead of files: this machine, and whether its libraries are those of the lock.")
@json_option
def check(files: tuple[Path, ...], crs: str | None, lod: int | None, profile: str | None, system: bool, as_json: bool) -> None:
    """What is in these files, folders and zips, and what is wrong with them."""
    output.json = as_json
    if system:
        if files:
            raise click.UsageError("Name either files or --system, not both.")
        _check_system()
        return
    if not files:
        raise click.UsageError("Missing argument 'FILES...'.")
    from ..jena_city import gather, profiles

    known = profiles.load(profile) if profile else None
    with progress_bar() as progress, tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        report, unreadable = gather.checked(files, Path(folder), crs=crs, lod=lod, progress=progress)
    if known is not None and profile:
        known.hold_against(profile, report)
    data = report.as_dict()
    output.answer(data, report_text(data))
    report_problems(data["problems"])  # type: ignore[arg-type]
    if len(unreadable) == len(report.files):
        more = f" (and {len(unreadable) - 1} more files like that)" if len(unreadable) > 1 else ""
        stop(f"{unreadable[0]}{more}")


def _check_system() -> None:
    import platform
    from dataclasses import asdict

    from ..jena_city import about

    rows = [asdict(row) for row in about.compare_libraries()]
    facts = {
        "version": about.version(),
        "python": platform.python_version(),
        "bpy": about.installed("bpy"),
        "platform": platform.platform(),
    }
    if not output.json:
        print(*(f"{name:10} {value}" for name, value in facts.items()), sep="\n", file=output.real)
    answer_table({**facts, "libraries": rows}, rows)
    if not all(row["ok"] for row in rows):
        output.exit_code = DONE_WITH_PROBLEMS


@click.command("profiles")
@click.argument("names", nargs=-1, metavar="[NAME|FILE.toml]...")
@json_option
def profiles_(names: tuple[str, ...], as_json: bool) -> None:
    """The profiles of towns that there are, or those named, checked."""
    output.json = as_json
    from ..jena_city import profiles

    rows: list[dict[str, Any]] = []
    wrong: list[str] = []
    for name in names or profiles.files():
        try:
            found = profiles.load(name)
        except InputProblem as problem:
            wrong.append(str(problem))
            continue
        sources = [f"{source.kind}: {source.title}" for source in found.sources]
        rows.append({"profile": name, "name": found.name, "land": found.land, "crs": found.crs, "sources": ", ".join(sources)})
    if len(names) == 1 and wrong:
        stop(wrong[0])
    data = {"profiles": rows, "problems": wrong, "folder": str(profiles.own_folder())}
    if rows:
        answer_table(data, rows)
    elif output.json:
        output.answer(data, "")
    if not output.json:
        print(f"Your own profiles belong in {profiles.own_folder()}", *wrong, sep="\n", file=output.real, flush=True)
    if wrong:
        output.exit_code = DONE_WITH_PROBLEMS


@click.command()
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option("--profile", help="Whose sources; default: the project's profile.")
@click.option("--bbox", nargs=4, type=float, required=True, metavar="W S E N", help="For this box, in the profile's coordinate system.")
@click.option("--what", default="buildings,terrain", show_default=True, help="Kinds of data, as they are called under [data].")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files, instead of a project.")
@json_option
def download(
    project: Path | None, profile: str | None, bbox: tuple[float, float, float, float], what: str, out: Path | None, as_json: bool
) -> None:
    """Open data of a town by its profile, into PROJECT and read, or into a folder."""
    output.json = as_json
    from dataclasses import asdict

    from ..jena_city import downloads, profiles
    from ..pipeline import opening, sourcing

    if (project is None) == (out is None):
        raise click.UsageError("Name either a project or a folder (--out).")
    opened = opening.load(project) if project is not None else None
    name = profile or (opened.file.place.profile if opened is not None else "")
    if not name:
        raise click.UsageError("Name a profile with --profile (see `jena-planner profiles`).")
    kinds = [word.strip() for word in what.split(",") if word.strip()]
    files = downloads.wanted(profiles.load(name), kinds, bbox)
    print(f"{number(len(files), 'file')}, about {downloads.megabytes(files):.0f} MB to fetch", file=sys.stderr, flush=True)
    with progress_bar() as progress:
        if opened is not None:
            _, got = sourcing.with_downloads(opened, files, progress=progress)
        else:
            assert out is not None
            got = downloads.download(files, out, progress)
    data = {**asdict(got), "files": [str(path) for path in got.files]}
    place = got.files[0].parent if got.files else out
    lines = [f"{number(len(got.files), 'file')} in {place}: {got.fetched / 1e6:.1f} MB fetched, {got.kept} kept from before"]
    if got.absent:
        lines.append(f"{number(len(got.absent), 'tile')} the publisher does not have: {', '.join(got.absent)}")
    if got.licence:
        lines.append(got.licence)
    output.answer(data, "\n".join([*lines, *(f"- {problem.code}: {problem.file}: {problem.message}" for problem in got.problems)]))
    report_problems(data["problems"])


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="New project folder.")
@click.option("--crs", help="Coordinate system of the data, where they name none or a wrong one.")
@click.option("--origin", nargs=2, type=int, metavar="E N", help="Origin of the scene in that system; default: from the data.")
@click.option("--bbox", nargs=4, type=float, metavar="W S E N", help="Read only what lies here.")
@click.option("--lod", type=click.IntRange(1, 3), help="Level of detail; default: the highest of each building.")
@click.option("--breaklines", is_flag=True, help="Let the ground that is shown follow the outlines of buildings.")
@click.option("--textures/--no-textures", default=True, help="Take colours and textures of city models along (default), or not.")
@click.option("--profile", default="", help="The town's profile (see `profiles`): what it says holds where neither you nor the files say.")
@json_option
def import_(
    files: tuple[Path, ...],
    out: Path,
    crs: str | None,
    origin: tuple[int, int] | None,
    bbox: tuple[float, float, float, float] | None,
    lod: int | None,
    breaklines: bool,
    textures: bool,
    profile: str,
    as_json: bool,
) -> None:
    """Geodata (files, folders and zips of tiles) to a project with its .blend."""
    output.json = as_json
    from ..pipeline import sourcing, steps

    with progress_bar() as progress:
        reading: Progress = lambda share, what: progress(0.7 * share, what)  # noqa: E731
        project = sourcing.new_project(
            out,
            files,
            crs=crs,
            origin=origin,
            bbox=bbox,
            lod=lod,
            breaklines=breaklines,
            textures=textures,
            profile=profile,
            progress=reading,
        )
        report = steps.run(project, only=("scene",), progress=lambda share, what: progress(0.7 + 0.3 * share, what))
    answer_run(report)


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--url", required=True, help="Address of the map service (WMS or WMTS).")
@click.option("--layer", default="", help="Name or title of the layer; needed where the service has several.")
@click.option("--resolution", type=click.FloatRange(min=0, min_open=True), help="Metres per pixel; default: for some 4000 pixels a side.")
@json_option
def background(project: Path, url: str, layer: str, resolution: float | None, as_json: bool) -> None:
    """A picture of a map service, fetched once and laid over the project's ground."""
    output.json = as_json
    from ..pipeline import opening, sourcing

    with progress_bar() as progress:
        _, made = sourcing.with_background(opening.load(project), url, layer, step=resolution, progress=progress)
    size = {"step": made.step, "columns": made.columns, "rows": made.rows, "missing": made.missing}
    data = {"path": str(made.path), **size, "source": made.source, "licence": made.licence}
    lines = [
        f"{made.columns} × {made.rows} pixels of {made.step:g} m written to {made.path}",
        f"{made.source}; {made.licence or 'no licence stated'}",
    ]
    if made.missing:
        lines.append(f"- {made.missing} pieces of it are white: the service has nothing there")
        output.exit_code = DONE_WITH_PROBLEMS
    output.answer(data, "\n".join(lines))
