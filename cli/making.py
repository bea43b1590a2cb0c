"""What a project asks for: numbers, sheets, pictures, films."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import get_args

import click

from ..jena_city.problems import InputProblem
from ..jena_city.seasons import Asked
from .output import DONE_WITH_PROBLEMS, answer_run, json_option, output, progress_bar

cluster_option = click.option("--cluster", default="", metavar="tcp://HOST:PORT", help="Spread it over the workers of this scheduler.")


samples_option = click.option("--samples", type=click.IntRange(1, 65536), help="Rays for each pixel, in place of those asked for.")


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(("import", "analyses", "sheets", "scene", "pictures", "films", "slides")),
    help="Only this step (repeatable).",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for results and pictures; default: the project's own.")
@cluster_option
@json_option
def run(project: Path, only: tuple[str, ...], out: Path | None, cluster: str, as_json: bool) -> None:
    """Everything the project asks for. What is done and still true is not done again."""
    output.json = as_json
    from ..pipeline import opening, steps

    with progress_bar() as progress:
        report = steps.run(opening.load(project), only=only, out=out, cluster=cluster, progress=progress)
    answer_run(report)


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--film", "names", multiple=True, help="Name of a film in the project (repeatable); default: all.")
@click.option("--kind", help="A film of its own: shadow (a day), fly-around or walk.")
@click.option("--variant", default="bestand", show_default=True, help="Variant of that film.")
@click.option("--date", default="2025-03-21", show_default=True, help="Its date.")
@click.option("--path", "way", help="The way of a walk, as x,y x,y … in the project's CRS.")
@click.option("--seconds", default=20.0, show_default=True, help="How long something moves in it.")
@click.option("--draft", is_flag=True, help="Small and quick, to see whether it is right: 480 pixels, 4 samples, 10 frames a second.")
@samples_option
@click.option("--name", help="Its file name; default: kind and variant.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the films' folder; default: the project's own.")
@cluster_option
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
    samples: int | None,
    name: str | None,
    out: Path | None,
    cluster: str,
    as_json: bool,
) -> None:
    """The project's films as MP4 and WebM, or one of its own. Frames that are done are not rendered again."""
    output.json = as_json
    from pydantic import ValidationError

    from ..jena_city.project import FilmEntry, PictureEntry
    from ..jena_city.slips import explained
    from ..pipeline import opening, steps

    if kind and names:
        raise click.UsageError("Name either --film or --kind, not both.")
    opened = opening.load(project)
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
        presets = [opened.preset(PictureEntry(name=one.name, preset=one.preset_name)) for one in entries]
        sizes = [(one.width or preset.width, one.height or preset.height) for one, preset in zip(entries, presets, strict=True)]
        quick = [{"width": 480, "height": max(16, round(480 * high / wide)), "samples": 4, "fps": 10} for wide, high in sizes]
        entries = [one.model_copy(update={**less, "name": f"{one.name} (draft)"}) for one, less in zip(entries, quick, strict=True)]
    if samples:
        entries = [one.model_copy(update={"samples": samples, "name": f"{one.name} ({samples} samples)"}) for one in entries]
    with progress_bar() as progress:
        report = steps.run(opened, only=("films",), films=entries, out=out, cluster=cluster, progress=progress)
    answer_run(report)


@click.command()
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

    from ..jena_city.project import SheetEntry
    from ..jena_city.slips import explained
    from ..pipeline import opening, steps

    if kind and sheet:
        raise click.UsageError("Name either --sheet or --kind, not both.")
    opened = opening.load(project)
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
        report = steps.run(opened, only=("sheets",), sheets=entries, out=out, progress=progress)
    answer_run(report)


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--picture", multiple=True, help="Name of a picture in the project (repeatable); default: all.")
@click.option("--preset", help="A picture of its own, with this preset.  [default: still]")
@click.option("--variant", help="Variant of a picture of its own.  [default: bestand]")
@click.option("--camera", help="Camera of a picture of its own, one of the project's.")
@click.option("--photo", help="Photo of the project that a picture of its own lays the variant into.")
@click.option("--trees", type=click.Choice(("planted", "20-years")), default="20-years", show_default=True, help="Size of its new trees.")
@click.option(
    "--season", type=click.Choice(get_args(Asked)), default="summer", show_default=True, help="Of its trees; date: as the date has it."
)
@click.option("--weather", type=click.Choice(("clear", "overcast")), default="clear", show_default=True, help="Sun, or a sky of clouds.")
@click.option("--date", default="2025-09-23", show_default=True, help="Its date.")
@click.option("--time", default="13:00", show_default=True, help="Its time of day.")
@click.option("--result", help="The result it shows, for the preset `result`.")
@click.option("--scale", type=int, help="Scale of a plan of its own, 1:…; default: it fits what it is about.")
@click.option("--paper", help="Paper of a plan to scale, A4 to A0; default: the smallest that holds it.")
@click.option("--orientation", type=click.Choice(("landscape", "portrait")), help="Of that paper; default: as it fits.")
@click.option("--dpi", type=int, help="Pixels an inch of a plan to scale.  [default: 150]")
@click.option("--draft", is_flag=True, help="Small and quick, to see whether it is right: 640 pixels (to scale: 50 dpi), 4 samples.")
@samples_option
@click.option("--name", help="Its file name; default: preset and variant.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the pictures' folder; default: the project's own.")
@cluster_option
@json_option
def render(
    project: Path,
    picture: tuple[str, ...],
    preset: str | None,
    variant: str | None,
    camera: str | None,
    photo: str | None,
    trees: str,
    season: str,
    weather: str,
    date: str,
    time: str,
    result: str | None,
    scale: int | None,
    paper: str | None,
    orientation: str | None,
    dpi: int | None,
    draft: bool,
    samples: int | None,
    name: str | None,
    out: Path | None,
    cluster: str,
    as_json: bool,
) -> None:
    """The project's pictures, or one of its own: that has a preset, a variant, a camera or a scale given here."""
    output.json = as_json
    from pydantic import ValidationError

    from ..jena_city.files import slug
    from ..jena_city.project import PictureEntry
    from ..jena_city.slips import explained
    from ..pipeline import opening, steps

    to_scale = {key: value for key, value in {"scale": scale, "paper": paper, "orientation": orientation, "dpi": dpi}.items() if value}
    of_its_own = bool(preset or variant or camera or photo or to_scale)
    if picture and of_its_own:
        raise click.UsageError("Name either --picture, or --preset, --variant, --camera and --scale.")
    opened = opening.load(project)
    if of_its_own:
        preset = preset or ("photo-montage" if photo else "plan" if to_scale else "still")
        variant = variant or "bestand"
        usual = "-".join(filter(None, [Path(preset).stem, variant, camera or photo, f"1-{scale}" if scale else "", paper]))
        asked = {
            "name": name or slug(usual),
            "preset": preset,
            "variant": variant,
            "camera": camera or "",
            "photo": photo or "",
            "trees": trees,
            "season": season,
            "weather": weather,
            **to_scale,
        }
        try:
            entries = [PictureEntry.model_validate({**asked, "date": date, "time": time, "result": result})]
        except ValidationError as error:
            raise explained(error, "render", PictureEntry) from error
    else:
        entries = opened.pictures_named(picture)
        if not entries:
            raise InputProblem(opened.path, "the project asks for no picture", "Add one under [[pictures]], or name a preset with --preset")
    if draft:
        sizes = {one.name: (one.width or opened.preset(one).width, one.height or opened.preset(one).height) for one in entries}
        small = {name: {"width": 640, "height": max(16, round(640 * high / wide))} for name, (wide, high) in sizes.items()}
        quick = {one.name: {"samples": 4, **({"dpi": 50} if one.scale else small[one.name])} for one in entries}
        entries = [one.model_copy(update={**quick[one.name], "name": f"{one.name} (draft)"}) for one in entries]
    if samples:
        entries = [one.model_copy(update={"samples": samples, "name": f"{one.name} ({samples} samples)"}) for one in entries]
    with progress_bar() as progress:
        report = steps.run(opened, only=("pictures",), pictures=entries, out=out, cluster=cluster, progress=progress)
    answer_run(report)


@click.command()
@click.argument("names", metavar="[NAME]…", nargs=-1)
@click.option("--copy", "source", help="Write this one's keys, with what they mean, into your folder, to be changed there.")
@click.option("--as", "name", help="The name of the copy.")
@json_option
def presets(names: tuple[str, ...], source: str | None, name: str | None, as_json: bool) -> None:
    """The presets of pictures that there are, or those named, checked; with --copy one of your own to begin with."""
    output.json = as_json
    from .. import render_presets
    from ..render_presets import copying

    if bool(source) != bool(name) or (source and names):
        raise click.UsageError("Name a preset with --copy and its new name with --as, and nothing else.")
    if source and name:
        path = copying.copy(source, name)
        output.answer({"preset": name, "path": str(path)}, f'{path}\nUse it with preset = "{name}", --preset {name}, or in the panel.')
        return
    found = render_presets.listed()
    for one in names:
        render_presets.load(one)
    shown = {one: preset for one, preset in found.presets.items() if not names or one in names}
    rows = [
        {"preset": one, "title": preset.title, "description": preset.description, "file": str(render_presets.file_of(one))}
        for one, preset in shown.items()
    ]
    wrong = [] if names else [str(problem) for problem in found.problems]
    data = {"presets": rows, "problems": wrong, "folder": str(render_presets.own_folder())}
    if output.json:
        output.answer(data, "")
    else:
        wide = max((len(str(row["preset"])) for row in rows), default=0)
        text = [f"{row['preset']:{wide}}  {row['title']}: {row['description']}\n{'':{wide}}  {row['file']}" for row in rows]
        output.answer(data, "\n".join([*text, f"Your own presets belong in {render_presets.own_folder()}", *wrong]))
    if wrong:
        output.exit_code = DONE_WITH_PROBLEMS


@click.command("contact-sheet")
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--presets", is_flag=True, help="Instead: what each preset makes of the project, small and quick.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the sheet and its pictures; default: the project's own.")
@cluster_option
@json_option
def contact_sheet(project: Path, presets: bool, out: Path | None, cluster: str, as_json: bool) -> None:
    """All pictures of the project, small on one sheet; those that are missing are rendered first."""
    output.json = as_json
    from .. import render_presets
    from ..pipeline import contact_sheet, opening

    make = contact_sheet.of_presets if presets else contact_sheet.of_pictures
    with progress_bar() as progress:
        path = make(opening.load(project), out=out, cluster=cluster, progress=progress)
    wrong = [str(problem) for problem in render_presets.listed().problems] if presets else []
    output.answer({"path": str(path), "problems": wrong}, "\n".join([str(path), *wrong]))
    if wrong:
        output.exit_code = DONE_WITH_PROBLEMS


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="FILE.pptx or FILE.pdf; default: both, into the project's slides."
)
@click.option("--slides", "names", multiple=True, help="Name of slides in the project (repeatable); default: all, else the usual ones.")
@click.option("--variant", "variants", multiple=True, help="Variant to show (repeatable), after the Bestand; default: all.")
@click.option("--preset", help="Preset of the pictures.  [default: still]")
@click.option("--camera", help="One of the project's cameras, for all pictures.")
@click.option("--date", help="Date of the pictures.  [default: 2025-09-23]")
@click.option("--time", help="Time of day of the pictures.  [default: 13:00]")
@click.option("--title", help="Title of the slides; default: the project's name.")
@click.option("--draft", is_flag=True, help="Small pictures, quickly made, to see whether it is right.")
@click.option("--name", help="File name of slides of their own; default: what is asked for.")
@cluster_option
@json_option
def deck(
    project: Path,
    out: Path | None,
    names: tuple[str, ...],
    variants: tuple[str, ...],
    preset: str | None,
    camera: str | None,
    date: str | None,
    time: str | None,
    title: str | None,
    draft: bool,
    name: str | None,
    cluster: str,
    as_json: bool,
) -> None:
    """All variants as slides for a meeting, 16:9, as PPTX and PDF: pictures from one camera, figures, findings, results, sources."""
    output.json = as_json
    from pydantic import ValidationError

    from ..jena_city.files import slug, written_beside
    from ..jena_city.project import DeckEntry
    from ..jena_city.slips import explained
    from ..pipeline import opening, steps

    asked = {"variants": list(variants) or None, "preset": preset, "camera": camera, "date": date, "time": time, "title": title}
    asked = {key: value for key, value in asked.items() if value}
    if names and (asked or name):
        raise click.UsageError("Name either --slides, or what slides of their own show.")
    if out is not None and out.suffix.lower() not in (".pptx", ".pdf"):
        raise InputProblem(out, "slides are written as .pptx or .pdf", "Give the file one of these endings")
    opened = opening.load(project)
    if asked or name:
        said = [Path(preset or "").stem, *variants, camera, date, time, title]
        try:
            entries = [DeckEntry.model_validate({"name": name or slug("-".join(["Folien", *filter(None, said)])), **asked})]
        except ValidationError as error:
            raise explained(error, "deck", DeckEntry) from error
    else:
        entries = opened.decks_named(names) or [DeckEntry()]
    if draft:
        entries = [one.model_copy(update={"name": f"{one.name} (draft)", "width": 480, "samples": 4}) for one in entries]
    if out is not None and len(entries) > 1:
        raise click.UsageError("One file holds the slides of one name: say which with --slides.")
    if out is not None and (ending := out.suffix.lower().removeprefix(".")) not in entries[0].formats:  # the project's own stay as they are
        entries = [entries[0].model_copy(update={"name": f"{entries[0].name} ({ending})", "formats": [ending]})]
    with progress_bar() as progress:
        report = steps.run(opened, only=("slides",), decks=entries, cluster=cluster, progress=progress)
    if out is not None:
        with written_beside(out) as beside:
            shutil.copyfile(opened.folder / "slides" / f"{slug(entries[0].name)}{out.suffix.lower()}", beside)
    answer_run(report)


@click.command()
@click.argument("scheduler", metavar="tcp://HOST:PORT")
@click.option("--threads", type=click.IntRange(0), default=0, show_default=True, help="How many threads it may use; 0: all of the machine.")
@click.option("--name", default="", help="What it is called in messages; default: its address.")
def worker(scheduler: str, threads: int, name: str) -> None:
    """Work for others: draw and reckon what they give to a dask scheduler, until that ends (see docs/cluster.md)."""
    from ..pipeline import piecework

    print(f"working for {scheduler}, until Ctrl-C", file=sys.stderr, flush=True)
    piecework.serve(scheduler, threads=threads, name=name)
