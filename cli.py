"""The command line. Thin: reads the words, calls, prints. Help lists only what works."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

from .jena_city.problems import Cancelled, InputProblem, Progress

DONE, DONE_WITH_PROBLEMS, NOT_DONE = 0, 1, 2


class Output:
    """Standard output is for the answer alone; bars, warnings and whatever bpy prints from C go to standard error."""

    def __init__(self) -> None:
        self.real: TextIO = sys.stdout
        self.json = False
        self.exit_code = DONE

    def claim(self) -> None:
        """Keep a copy of descriptor 1 and point 1 at 2, before bpy can be imported. Without the two the answers go nowhere."""
        try:
            self.real = os.fdopen(os.dup(1), "w", encoding="utf-8")
            os.dup2(2, 1)
        except OSError:  # started with a closed standard output or error
            self.real = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115

    def answer(self, data: dict[str, Any], text: str) -> None:
        print(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) if self.json else text, file=self.real, flush=True)


output = Output()
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object; everything else goes to standard error.")


def report_problems(problems: list[dict[str, Any]]) -> None:
    if problems:
        output.exit_code = max(output.exit_code, DONE_WITH_PROBLEMS)


_interrupted = False
"""Whether Ctrl-C came while a library was calling back into Python, which can let no exception through."""


def _unraised(one: Any) -> None:
    """What libraries could not pass on: Ctrl-C is kept for the next look at the progress, the rest is noise."""
    global _interrupted
    _interrupted = _interrupted or (one.exc_type is not None and issubclass(one.exc_type, KeyboardInterrupt))


def _look(_share: float, _what: str) -> None:
    if _interrupted:
        raise KeyboardInterrupt


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error; silent when that is no terminal."""
    if not sys.stderr.isatty():
        yield _look
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0)

        def say(share: float, what: str) -> None:
            _look(share, what)
            bar.update(task, completed=share, description=what)

        yield say


class Commands(click.Group):
    """Lists commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(message="%(version)s", package_name="jena-planner")
def cli() -> None:
    """Plan a town with its people: open geodata in, sun hours and pictures out.

    Exit code 0: done. 1: done, with problems in the data (they are listed). 2: not done, one line says why.
    """


@cli.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help="Folder for the project.")
@json_option
def demo(out: Path, as_json: bool) -> None:
    """The embedded sample, end to end: a made-up quarter, sun hours, pictures."""
    output.json = as_json
    from . import pipeline
    from .jena_city import sample
    from .jena_city.problems import stretch

    project = sample.write(out)
    with progress_bar() as progress:
        opened = pipeline.load(project)
        report = pipeline.run(opened, progress=stretch(progress, 0, 0.75))
        pipeline.contact_sheet(opened, progress=stretch(progress, 0.75, 1))
    _answer_run(report)


@cli.command()
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
    from .jena_city import gather, profiles

    known = profiles.load(profile) if profile else None
    with progress_bar() as progress, tempfile.TemporaryDirectory(prefix="jena-planner-") as folder:
        report, unreadable = gather.checked(files, Path(folder), crs=crs, lod=lod, progress=progress)
    if known is not None and profile:
        known.hold_against(profile, report)
    data = report.as_dict()
    output.answer(data, _report_text(data))
    report_problems(data["problems"])  # type: ignore[arg-type]
    if len(unreadable) == len(report.files):
        more = f" (and {len(unreadable) - 1} more files like that)" if len(unreadable) > 1 else ""
        _stop(f"{unreadable[0]}{more}")


def _check_system() -> None:
    import platform
    from dataclasses import asdict

    from .jena_city import about

    rows = [asdict(row) for row in about.compare_libraries()]
    facts = {
        "version": about.version(),
        "python": platform.python_version(),
        "bpy": about.installed("bpy"),
        "platform": platform.platform(),
    }
    if not output.json:
        print(*(f"{name:10} {value}" for name, value in facts.items()), sep="\n", file=output.real)
    _answer_table({**facts, "libraries": rows}, rows)
    if not all(row["ok"] for row in rows):
        output.exit_code = DONE_WITH_PROBLEMS


@cli.command("profiles")
@click.argument("names", nargs=-1, metavar="[NAME|FILE.toml]...")
@json_option
def profiles_(names: tuple[str, ...], as_json: bool) -> None:
    """The profiles of towns that there are, or those named, checked."""
    output.json = as_json
    from .jena_city import profiles

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
        _stop(wrong[0])
    data = {"profiles": rows, "problems": wrong, "folder": str(profiles.own_folder())}
    if rows:
        _answer_table(data, rows)
    elif output.json:
        output.answer(data, "")
    if not output.json:
        print(f"Your own profiles belong in {profiles.own_folder()}", *wrong, sep="\n", file=output.real, flush=True)
    if wrong:
        output.exit_code = DONE_WITH_PROBLEMS


@cli.command()
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

    from . import pipeline
    from .jena_city import downloads, profiles

    if (project is None) == (out is None):
        raise click.UsageError("Name either a project or a folder (--out).")
    opened = pipeline.load(project) if project is not None else None
    name = profile or (opened.file.place.profile if opened is not None else "")
    if not name:
        raise click.UsageError("Name a profile with --profile (see `jena-planner profiles`).")
    kinds = [word.strip() for word in what.split(",") if word.strip()]
    files = downloads.wanted(profiles.load(name), kinds, bbox)
    print(f"{_number(len(files), 'file')}, about {downloads.megabytes(files):.0f} MB to fetch", file=sys.stderr, flush=True)
    with progress_bar() as progress:
        if opened is not None:
            _, got = pipeline.with_downloads(opened, files, progress=progress)
        else:
            assert out is not None
            got = downloads.download(files, out, progress)
    data = {**asdict(got), "files": [str(path) for path in got.files]}
    place = got.files[0].parent if got.files else out
    lines = [f"{_number(len(got.files), 'file')} in {place}: {got.fetched / 1e6:.1f} MB fetched, {got.kept} kept from before"]
    if got.absent:
        lines.append(f"{_number(len(got.absent), 'tile')} the publisher does not have: {', '.join(got.absent)}")
    if got.licence:
        lines.append(got.licence)
    output.answer(data, "\n".join([*lines, *(f"- {problem.code}: {problem.file}: {problem.message}" for problem in got.problems)]))
    report_problems(data["problems"])


@cli.command("import")
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
    from . import pipeline

    with progress_bar() as progress:
        reading: Progress = lambda share, what: progress(0.7 * share, what)  # noqa: E731
        project = pipeline.new_project(
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
        report = pipeline.run(project, only=("scene",), progress=lambda share, what: progress(0.7 + 0.3 * share, what))
    _answer_run(report)


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--url", required=True, help="Address of the map service (WMS or WMTS).")
@click.option("--layer", default="", help="Name or title of the layer; needed where the service has several.")
@click.option("--resolution", type=click.FloatRange(min=0, min_open=True), help="Metres per pixel; default: for some 4000 pixels a side.")
@json_option
def background(project: Path, url: str, layer: str, resolution: float | None, as_json: bool) -> None:
    """A picture of a map service, fetched once and laid over the project's ground."""
    output.json = as_json
    from . import pipeline

    with progress_bar() as progress:
        _, made = pipeline.with_background(pipeline.load(project), url, layer, step=resolution, progress=progress)
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


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(("import", "analyses", "sheets", "scene", "pictures", "films")),
    help="Only this step (repeatable).",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for results and pictures; default: the project's own.")
@json_option
def run(project: Path, only: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Everything the project asks for. What is done and still true is not done again."""
    output.json = as_json
    from . import pipeline

    with progress_bar() as progress:
        report = pipeline.run(pipeline.load(project), only=only, out=out, progress=progress)
    _answer_run(report)


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--film", "names", multiple=True, help="Name of a film in the project (repeatable); default: all.")
@click.option("--kind", help="A film of its own: shadow (a day), fly-around or walk.")
@click.option("--variant", default="bestand", show_default=True, help="Variant of that film.")
@click.option("--date", default="2025-03-21", show_default=True, help="Its date.")
@click.option("--path", "way", help="The way of a walk, as x,y x,y … in the project's CRS.")
@click.option("--seconds", default=20.0, show_default=True, help="How long something moves in it.")
@click.option("--draft", is_flag=True, help="Small and quick, to see whether it is right: 480 pixels, 4 samples, 10 frames a second.")
@click.option("--name", help="Its file name; default: kind and variant.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the films' folder; default: the project's own.")
@json_option
def film(
    project: Path,
    names: tuple[str, ...],
    kind: str | None,
    variant: str,
    date: str,
    way: str | None,
    seconds: float,
    draft: bool,
    name: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """The project's films as MP4 and WebM, or one of its own. Frames that are done are not rendered again."""
    output.json = as_json
    from pydantic import ValidationError

    from . import pipeline
    from .jena_city.project import FilmEntry, explained

    if kind and names:
        raise click.UsageError("Name either --film or --kind, not both.")
    opened = pipeline.load(project)
    if kind:
        asked: dict[str, object] = {"name": name or f"{kind}-{variant}", "kind": kind, "variant": variant, "date": date, "seconds": seconds}
        try:
            asked["path"] = [tuple(float(part) for part in point.split(",")) for point in (way or "").split()]
            entries = [FilmEntry.model_validate(asked)]
        except ValidationError as error:
            raise explained(error, "film", FilmEntry) from error
        except ValueError as error:
            raise click.UsageError("Write --path as 681700.0,5644950.0 681800.0,5644950.0") from error
    else:
        entries = opened.films_named(names)
        if not entries:
            raise InputProblem(opened.path, "the project asks for no film", "Add one under [[films]], or name a kind with --kind")
    if draft:
        quick = {"width": 480, "height": 270, "samples": 4, "fps": 10}
        entries = [one.model_copy(update={**quick, "name": f"{one.name} (draft)"}) for one in entries]
    with progress_bar() as progress:
        report = pipeline.run(opened, only=("films",), films=entries, out=out, progress=progress)
    _answer_run(report)


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--sheet", multiple=True, help="Name of a sheet in the project (repeatable); default: all.")
@click.option("--kind", help="A sheet of its own: design, figure-ground, storeys, heights, uses, open-spaces, section, axonometry …")
@click.option("--variant", default="bestand", show_default=True, help="Variant of that sheet.")
@click.option("--scale", default=500, show_default=True, help="Its scale, 1:…")
@click.option("--paper", default="", help="Its paper, A4 to A0; default: the smallest that holds it.")
@click.option("--line", help="Its line, as x,y x,y … in the project's CRS, for a section or street elevation.")
@click.option("--name", help="Its file name; default: kind and variant.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the sheets' folder; default: the project's own.")
@json_option
def sheets(
    project: Path,
    sheet: tuple[str, ...],
    kind: str | None,
    variant: str,
    scale: int,
    paper: str,
    line: str | None,
    name: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """The project's sheets to scale as PDF and SVG, or one of its own."""
    output.json = as_json
    from pydantic import ValidationError

    from . import pipeline
    from .jena_city.project import SheetEntry, explained

    if kind and sheet:
        raise click.UsageError("Name either --sheet or --kind, not both.")
    opened = pipeline.load(project)
    if kind:
        asked = {"name": name or f"{kind}-{variant}", "kind": kind, "variant": variant, "scale": scale, "paper": paper}
        try:
            asked["line"] = [tuple(float(part) for part in point.split(",")) for point in (line or "").split()]
            entries = [SheetEntry.model_validate(asked)]
        except ValidationError as error:
            raise explained(error, "sheets", SheetEntry) from error
        except ValueError as error:
            raise click.UsageError("Write --line as 681700.0,5644950.0 681800.0,5644950.0") from error
    else:
        entries = opened.sheets_named(sheet)
        if not entries:
            raise InputProblem(opened.path, "the project asks for no sheet", "Add one under [[sheets]], or name a kind with --kind")
    with progress_bar() as progress:
        report = pipeline.run(opened, only=("sheets",), sheets=entries, out=out, progress=progress)
    _answer_run(report)


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--picture", multiple=True, help="Name of a picture in the project (repeatable); default: all.")
@click.option("--preset", help="A picture of its own, with this preset.  [default: still]")
@click.option("--variant", help="Variant of a picture of its own.  [default: bestand]")
@click.option("--camera", help="Camera of a picture of its own, one of the project's.")
@click.option("--photo", help="Photo of the project that a picture of its own lays the variant into.")
@click.option("--trees", type=click.Choice(("planted", "20-years")), default="20-years", show_default=True, help="Size of its new trees.")
@click.option("--date", default="2025-09-23", show_default=True, help="Its date.")
@click.option("--time", default="13:00", show_default=True, help="Its time of day.")
@click.option("--result", help="The result it shows, for the preset `result`.")
@click.option("--name", help="Its file name; default: preset and variant.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the pictures' folder; default: the project's own.")
@json_option
def render(
    project: Path,
    picture: tuple[str, ...],
    preset: str | None,
    variant: str | None,
    camera: str | None,
    photo: str | None,
    trees: str,
    date: str,
    time: str,
    result: str | None,
    name: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """The project's pictures, or one of its own: that has a preset, a variant or a camera given here."""
    output.json = as_json
    from pydantic import ValidationError

    from . import pipeline
    from .jena_city.files import slug
    from .jena_city.project import PictureEntry, explained

    if picture and (preset or variant or camera or photo):
        raise click.UsageError("Name either --picture, or --preset, --variant and --camera.")
    opened = pipeline.load(project)
    if preset or variant or camera or photo:
        preset, variant = preset or ("photo-montage" if photo else "still"), variant or "bestand"
        usual = "-".join(filter(None, [Path(preset).stem, variant, camera or photo]))
        asked = {
            "name": name or slug(usual),
            "preset": preset,
            "variant": variant,
            "camera": camera or "",
            "photo": photo or "",
            "trees": trees,
        }
        try:
            entries = [PictureEntry.model_validate({**asked, "date": date, "time": time, "result": result})]
        except ValidationError as error:
            raise explained(error, "render", PictureEntry) from error
    else:
        entries = opened.pictures_named(picture)
        if not entries:
            raise InputProblem(opened.path, "the project asks for no picture", "Add one under [[pictures]], or name a preset with --preset")
    with progress_bar() as progress:
        report = pipeline.run(opened, only=("pictures",), pictures=entries, out=out, progress=progress)
    _answer_run(report)


@cli.command()
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

    from . import pipeline

    with progress_bar() as progress:
        report = pipeline.export(pipeline.load(project), variant, kind, out, progress=progress)
    problems = [asdict(problem) for problem in report.problems]
    data = {"path": str(out), "buildings": report.buildings, "building_parts": report.building_parts, "problems": problems}
    lines = [f"{_number(report.buildings, 'building')} and {_number(report.building_parts, 'part')} written to {out}"]
    output.answer(data, "\n".join([*lines, *(f"- {problem['code']}: {_problem_line(problem)}" for problem in problems)]))
    report_problems(problems)


@cli.command()
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

    from . import pipeline
    from .jena_city import comparing
    from .jena_city.files import write_text

    with progress_bar() as progress:
        made = pipeline.compare(pipeline.load(project), base, progress=progress)
    if csv_file is not None:
        write_text(csv_file, comparing.as_csv(made.rows, list(made.variants)))
    if findings_file is not None:
        write_text(findings_file, comparing.findings_as_csv(made.findings, made.origin))
    if xlsx_file is not None:
        made.write_workbook(xlsx_file)
    problems = [asdict(problem) for problem in made.problems]
    data = {
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
        | {name: "–" if (value := row.value(name)) is None else _rounded(value) for name in made.variants}
        for row in made.rows
    ]
    _answer_table(data, table)
    if not as_json:
        for name, found in data["findings"].items():
            for one in found:
                east, north = one["place"]
                said = f"{name}, {one['severity']}: {one['sentence']['en']}, at {east:.1f} {north:.1f}"
                print(f"- {said}", file=output.real, flush=True)
    report_problems(problems)


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("model", type=click.Path(path_type=Path, exists=True))
@click.option("--variant", required=True, help="Id of the variant.")
@click.option("--block", "instead", default="", help="Id of the block that it stands in for; default: a new one.")
@click.option("--at", nargs=2, type=float, metavar="E N", help="Where the zero of the model lies, in the project's coordinate system.")
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
    """An architect's model (glTF, OBJ) in the place of a block of a variant."""
    output.json = as_json
    from . import pipeline

    if (at is None) == (not points):
        raise click.UsageError("Say where it stands: either --at or --point.")
    if points and (turn or height is not None):
        raise click.UsageError("With --point the model's turn is known, and it stands on the ground: leave --turn and --height out.")
    if fit_scale and (scale is not None or not points):
        raise click.UsageError("--fit-scale needs --point, and no --scale.")
    where: list[tuple[float, ...]] = [one[2:] for one in points] or [(*(at or ()), *(() if height is None else (height,)))]
    with progress_bar() as progress:
        made = pipeline.place(
            pipeline.load(project),
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


@cli.command()
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
    from . import pipeline

    choices: dict[str, Any] = dict.fromkeys(take, "theirs") | dict.fromkeys(keep, "mine")
    with progress_bar() as progress:
        made, left, written = pipeline.merge(
            pipeline.load(project), theirs, base, choices, undecided=undecided, write=not dry_run, progress=progress
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
        lines.insert(0, f"{_number(len(left), 'value')} changed by both; nothing is written. Choose with --take, --keep or --undecided:")
        output.exit_code = DONE_WITH_PROBLEMS
    else:
        lines.append(f"{_number(len(made.variants), 'variant')} merged, {_number(len(written), 'file')} written")
    lines += [f"- {old} of theirs is now {new}: both had added one under that id" for old, new in made.renamed.items()]
    output.answer(data, "\n".join(lines))


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--variant", default="bestand", show_default=True, help="Id of the variant whose blocks are held against their neighbours.")
@click.option("--radius", type=click.FloatRange(0, 2000, min_open=True), default=100.0, show_default=True, help="Metres around the blocks.")
@click.option("--streets", is_flag=True, help="Instead of a radius: the block of houses between the streets.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Folder for the list (CSV, JSON) and the maps (PNG).")
@json_option
def surroundings(project: Path, variant: str, radius: float, streets: bool, out: Path | None, as_json: bool) -> None:
    """The neighbours of a variant's blocks, ranked (§ 34 BauGB)."""
    output.json = as_json
    from . import pipeline
    from .analyses.surroundings import Surroundings
    from .jena_city import neighbours

    settings = Surroundings(around="streets" if streets else "radius", radius=radius)
    with progress_bar() as progress:
        found, files = pipeline.surroundings(pipeline.load(project), variant, settings, out, progress=progress)
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
    _answer_table(data, table)
    if not as_json:
        for one in data["blocks"].values():
            for sentence in one["said_english"]:
                print(f"- {one['name']}: {sentence}", file=output.real, flush=True)


@cli.command()
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
    from . import pipeline
    from .jena_city.envelope import LIMITS, told

    with progress_bar() as progress:
        found = pipeline.envelopes(pipeline.load(project), variant, plots, places, storey=storey, small=small, progress=progress)
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


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for the page; one published before is brought up to date."
)
@click.option("--preview", is_flag=True, help="With variants that are not public yet; the page is marked as a preview.")
@json_option
def publish(project: Path, out: Path, preview: bool, as_json: bool) -> None:
    """The citizens' page of a project: a folder for any web server, file share or USB stick."""
    output.json = as_json
    from . import pipeline, publishing

    with progress_bar() as progress:
        done = publishing.publish(pipeline.load(project), out, preview=preview, progress=progress)
    output.answer(done.as_dict(), done.text())
    report_problems(done.as_dict()["problems"])


@cli.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="The project they belong to; else the folder one is in.")
@json_option
def collect(sources: tuple[str, ...], project: Path, as_json: bool) -> None:
    """Take what citizens sent into a project: files, folders, links of the page, or the address of a server."""
    output.json = as_json
    from . import feedback, pipeline

    with progress_bar() as progress:
        done = feedback.collect(pipeline.load(project), sources, progress=progress)
    output.answer(done.as_dict(), done.text())
    report_problems(done.as_dict()["problems"])


@cli.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files; else participation/report in the project.")
@click.option("--language", type=click.Choice(["de", "en"]), default="de", help="Language of the report.")
@json_option
def report(project: Path, out: Path | None, language: str, as_json: bool) -> None:
    """The report on what citizens sent: HTML, CSV, XLSX and GeoJSON."""
    output.json = as_json
    from . import feedback, pipeline

    with progress_bar() as progress:
        paths, made = feedback.report(pipeline.load(project), out, language="en" if language == "en" else "de", progress=progress)
    counted = {"contributions": made.number, "comments": made.comments.total(), "designs": made.designs.total(), "places": len(made.places)}
    files = [str(path) for path in paths]
    output.answer({"files": files, **counted}, "\n".join([f"{made.number} contributions, {made.comments.total()} statements", *files]))


@cli.group(cls=Commands)
def verify() -> None:
    """Reference cases by others against this program, deviations listed."""


@verify.command("light")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def verify_light(path: Path, as_json: bool) -> None:
    """Sun, shadows and sky against the reference files in PATH."""
    output.json = as_json
    from .verification import light

    with progress_bar() as progress:
        rows = light.verify(path, progress=progress)
    _answer_cases(rows)


@verify.command("buildings")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def verify_buildings(path: Path, as_json: bool) -> None:
    """Volumes, roofs, footprints and heights of the CityGML in PATH against closed forms of its polygons."""
    output.json = as_json
    from .verification import buildings

    with progress_bar() as progress:
        rows = buildings.verify(path, progress=progress)
    _answer_cases(rows)


@verify.command("noise")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def verify_noise(path: Path, as_json: bool) -> None:
    """The spread of sound after CNOSSOS-EU against the cases of ISO/TR 17534-4 in PATH."""
    output.json = as_json
    from .verification import noise

    with progress_bar() as progress:
        rows = noise.verify(path, progress=progress)
    worst = noise.worst(rows)
    _answer_table({"cases": rows, "worst_db": worst}, rows)
    if worst > noise.ALLOWED:
        output.exit_code = DONE_WITH_PROBLEMS


def _answer_cases(rows: list[dict[str, Any]]) -> None:
    _answer_table({"cases": rows}, rows)
    if not all(row["ok"] for row in rows):
        output.exit_code = DONE_WITH_PROBLEMS


@cli.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def bench(ctx: click.Context) -> None:
    """Speed tables, as ratios measured in one run."""
    if ctx.invoked_subcommand is None:
        for command in (bench_rays, bench_light, bench_noise, bench_import, bench_open, bench_variants):
            ctx.invoke(command)


@bench.command("rays")
@click.option("--houses", default=20_000, show_default=True, type=click.IntRange(1), help="Houses in the scene.")
@click.option("--sensors", default=1_000_000, show_default=True, type=click.IntRange(1000), help="Rays towards the sun.")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@json_option
def bench_rays(houses: int, sensors: int, runs: int, as_json: bool) -> None:
    """Our ray caster against the BVHTree loop and bare embreex."""
    output.json = as_json
    from .benchmarks import rays

    with progress_bar() as progress:
        data = rays.run(houses=houses, sensors=sensors, runs=runs, progress=progress)
    _answer_table(data, data["rows"])


@bench.command("horizon")
@click.option("--side", default=300, show_default=True, type=click.IntRange(50), help="Cells a side of the surface.")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@json_option
def bench_horizon(side: int, runs: int, as_json: bool) -> None:
    """The horizon sweep, beside GRASS r.horizon where it is installed."""
    output.json = as_json
    from .benchmarks import horizon

    with progress_bar() as progress:
        data = horizon.run(side=side, runs=runs, progress=progress)
    _answer_table(data, data["rows"])


@bench.command("light")
@click.option("--houses", type=click.IntRange(10, 1_000_000), default=2_000, show_default=True, help="Size of the made-up town.")
@click.option("--runs", type=click.IntRange(1, 100), default=5, show_default=True, help="How often each is measured, in turn.")
@json_option
def bench_light(houses: int, runs: int, as_json: bool) -> None:
    """Hours of sun of a day, whole and after one block has moved; and the horizon sweep, see `bench horizon`."""
    output.json = as_json
    from .benchmarks import horizon, light

    with progress_bar() as progress:
        data = light.run(houses=houses, runs=runs, progress=progress)
        swept = horizon.run(runs=runs, progress=progress)
    data["horizon"] = swept
    _answer_table(data, data["rows"])
    if not as_json:
        _answer_table(swept, swept["rows"])


@bench.command("noise")
@click.option("--houses", default=300, show_default=True)
@click.option("--receivers", default=10_000, show_default=True)
@click.option("--runs", default=3, show_default=True)
@json_option
def bench_noise(houses: int, receivers: int, runs: int, as_json: bool) -> None:
    """Noise at many receivers against the direct path alone in NumPy, and what other traffic costs."""
    output.json = as_json
    from .benchmarks import noise

    with progress_bar() as progress:
        data = noise.run(houses=houses, receivers=receivers, runs=runs, progress=progress)
    _answer_table(data, data["rows"])


@bench.command("import")
@click.argument("tile", required=False, type=click.Path(path_type=Path))
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@click.option("--tiles", type=click.IntRange(1), help="Instead: towns of up to so many tiles of 140 MB, read anew and once more.")
@json_option
def bench_import(tile: Path | None, runs: int, tiles: int | None, as_json: bool) -> None:
    """Reading CityGML as a multiple of a bare lxml pass: TILE itself and 140 MB of shifted copies of it."""
    output.json = as_json
    from .benchmarks import importing

    with progress_bar() as progress:
        if tiles:
            data = importing.run_tiles(tiles=tiles, tile=tile, progress=progress)
        else:
            data = importing.run(tile=tile, runs=runs, progress=progress)
    _answer_table(data, data["rows"])


@bench.command("open")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@json_option
def bench_open(runs: int, as_json: bool) -> None:
    """How long opening a project holds Blender up: the sample, and real tiles where JENA_PLANNER_DATA names their folder."""
    output.json = as_json
    from .benchmarks import opening

    with progress_bar() as progress:
        data = opening.run(runs=runs, progress=progress)
    _answer_table(data, data["rows"])


@bench.command("variants")
@click.option("--houses", default=7_000, show_default=True, type=click.IntRange(1, 200_000), help="Buildings around.")
@click.option(
    "--blocks",
    default=(20, 200, 2_000),
    show_default=True,
    multiple=True,
    type=click.IntRange(1, 10_000),
    help="Blocks of the variant; may be given several times.",
)
@click.option("--runs", default=15, show_default=True, type=click.IntRange(1), help="Changes of each kind, interleaved.")
@json_option
def bench_variants(houses: int, blocks: tuple[int, ...], runs: int, as_json: bool) -> None:
    """From a changed block to its mesh, all numbers and findings."""
    output.json = as_json
    from .benchmarks import variants

    with progress_bar() as progress:
        data = variants.run(counts=blocks, houses=houses, runs=runs, progress=progress)
    _answer_table(data, data["rows"])


@cli.command("build-extension")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the zips and their index.json.")
@click.option("--for", "blender", type=click.Path(path_type=Path), help="A Blender's program file: one development zip for just that one.")
@json_option
def build_extension(out: Path, blender: Path | None, as_json: bool) -> None:
    """The extension's zips, one for each platform and Python (from a checkout)."""
    output.json = as_json
    from importlib import import_module

    from .jena_city.about import ROOT

    if not (ROOT / "packaging" / "extension.py").is_file():
        raise InputProblem(
            "build-extension", "the zips are built from the source, and this is an installed program", "Run it in a checkout"
        )
    extension = import_module(".packaging.extension", __package__)  # by name: the folder is not part of what is shipped

    with progress_bar() as progress:
        report = extension.build(out.resolve(), blender and blender.absolute(), progress=_spoken(progress))
    lines = [f"{one['path']}  {one['size'] / 1e6:.0f} MB, Blender {one['blender']}, {len(one['wheels'])} wheels" for one in report["zips"]]
    problems = [f"- {Path(one['path']).name}: {problem}" for one in report["zips"] for problem in one["problems"]]
    output.answer(report, "\n".join([*lines, *([report["index"]] if report["index"] else []), *problems]))
    if problems:
        output.exit_code = DONE_WITH_PROBLEMS


def _spoken(progress: Progress) -> Progress:
    """The same, in lines where standard error is no terminal: this takes minutes, in logs too."""
    if sys.stderr.isatty():
        return progress

    def say(_share: float, what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    return say


def _rounded(value: float) -> str:
    digits = 0 if abs(value) >= 1000 or value == round(value) else 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3
    return f"{value:.{digits}f}"


def _answer_table(data: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    if output.json:
        output.answer(data, "")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for key in rows[0]:
        table.add_column(key, justify="left" if isinstance(rows[0][key], (str, bool)) else "right")
    for row in rows:
        table.add_row(
            *("yes" if v is True else "NO" if v is False else f"{v:.6g}" if isinstance(v, float) else str(v) for v in row.values())
        )
    Console(file=output.real, width=None if output.real.isatty() else 160).print(table)
    for what, ratio in data.get("ratios", {}).items():
        print(f"{ratio:g} × {what}", file=output.real)
    output.real.flush()


def _answer_run(report: dict[str, Any]) -> None:
    from .jena_city.themes import WHOLE

    read = report["read"]
    others = sum(number for kind, number in read["features"].items() if kind in WHOLE)
    beside = f"{_number(others, 'other object')}, " if others else ""
    lines = [
        f"{read['buildings']} buildings and {read['building_parts']} parts, {beside}{read['terrain_points']} terrain points, {read['crs']}"
    ]
    read_too = ("trees", "streets", "areas", "plots", "plans", "plan_areas", "lines", "orthophoto")
    layers = [f"{read['features'][kind]} {kind.replace('_', ' ')}" for kind in read_too if read["features"].get(kind)]
    lines += [f"beside   {', '.join(layers)}"] if layers else []
    lines += [f"{kind:8} {words}" for kind, words in _made_lines(report["made"])]
    if report["profile"]["supplied"]:
        said = ", ".join(f"{key} = {value}" for key, value in report["profile"]["supplied"].items() if isinstance(value, str))
        lines.append(f"By the profile {report['profile']['name']}: {said}")
    if report["left"]:
        files = _number(len(report["left"]), "file")
        lines.append(f"{files} of earlier runs are no longer asked for, or no longer true (listed in the report under left)")
    for name, found in report["findings"].items():
        counts = Counter(one["severity"] for one in found)
        if counts:
            lines.append(f"rules    {name}: {', '.join(f'{number} {severity}' for severity, number in counts.items())} (listed by compare)")
    if not report["settings"]["data"]["licence"]:
        lines.append("No licence is named: state under [data] licence who gave the data; it must stand under pictures.")
    problems = report["problems"]
    if problems:
        counts = Counter(problem["code"] for problem in problems)
        lines.append(f"{_number(len(problems), 'problem')} in the data, listed in {report['report']}:")
        lines += [f"- {code} ({number}): {_first(problems, code)}" for code, number in counts.most_common()]
    output.answer(report, "\n".join(lines))
    report_problems(problems)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _made_lines(made: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each picture and scene with its path, results as a number of files in a folder."""
    results = [entry["path"] for entry in made if entry["kind"] == "result"]
    if results:
        yield "results", f"{len(results)} files in {Path(results[0]).parent}"
    yield from ((entry["kind"], entry["path"]) for entry in made if entry["kind"] != "result")


def _first(problems: list[dict[str, Any]], code: str) -> str:
    return _problem_line(next(problem for problem in problems if problem["code"] == code))


def _problem_line(problem: dict[str, Any]) -> str:
    where = " ".join(part for part in (Path(problem["file"]).name, problem["id"]) if part)
    return f"{where}: {problem['message']}" if where else str(problem["message"])


def _report_text(report: dict[str, Any]) -> str:
    extent = report["extent"]
    lines = [
        f"files           {len(report['files'])}",
        f"buildings       {report['buildings']}",
        f"building parts  {report['building_parts']}",
        f"surfaces        {report['surfaces']}",
        f"triangles       {report['triangles']}",
        f"terrain points  {report['terrain_points']}",
        *(f"{kind if kind.startswith('layer ') else kind.replace('_', ' '):15} {number}" for kind, number in report["features"].items()),
        f"CRS             {report['crs'] or 'unknown'}",
        *([f"stated          {', '.join(report['stated'])}"] if report["stated"] else []),
        "extent          "
        + (f"{extent[0]:.2f} {extent[1]:.2f} {extent[2]:.2f} to {extent[3]:.2f} {extent[4]:.2f} {extent[5]:.2f}" if extent else "nothing"),
    ]
    lines += [f"- {problem['code']}: {_problem_line(problem)}" for problem in report["problems"]]
    return "\n".join(lines)


def _stop(message: str) -> NoReturn:
    print(f"jena-planner: {message}", file=sys.stderr)
    sys.exit(NOT_DONE)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; the one place where errors become a line and an exit code. arguments : default those of the process."""
    if not {"-h", "--help", "--version"} & set(sys.argv[1:] if arguments is None else arguments):  # those are the answer themselves
        output.claim()
    # What libraries mumble about the data is no answer to the user; our own reports are.
    warnings.simplefilter("ignore")
    sys.unraisablehook = _unraised
    try:
        cli.main(None if arguments is None else list(arguments), prog_name="jena-planner", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _stop(error.format_message())
    except InputProblem as problem:
        _stop(str(problem))
    except (Cancelled, KeyboardInterrupt, click.Abort):
        _stop("stopped. What was finished is kept; the same command goes on from there.")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE):
            _stop(f"a fault in the program ({type(error).__name__}: {error}). Details are in {_log_fault()}; please report it.")
        what = "nobody reads the answer" if error.errno == errno.EPIPE else "there is no room left on the disk, or for this user"
        _stop(f"{what}. What was finished is kept.")
    except MemoryError:
        _stop("the memory of this machine does not suffice. Read a smaller area (--bbox) or fewer files.")
    except Exception as error:  # noqa: BLE001 - the one place: a fault of the program must not end in a traceback on the user's screen
        _stop(f"a fault in the program ({type(error).__name__}: {error}). Details are in {_log_fault()}; please report it.")
    sys.exit(output.exit_code)


def _log_fault() -> str:
    import tempfile
    import traceback

    try:
        with tempfile.NamedTemporaryFile("w", prefix="jena-planner-fault-", suffix=".log", delete=False, encoding="utf-8") as file:
            file.write(traceback.format_exc())
            return file.name
    except OSError:
        return "no file, as none could be written"
