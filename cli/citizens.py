"""The citizens' page, and what comes back."""

from __future__ import annotations

from pathlib import Path

import click

from .output import json_option, output, progress_bar, report_problems


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder for the page; one published before is brought up to date."
)
@click.option("--preview", is_flag=True, help="With variants that are not public yet; the page is marked as a preview.")
@json_option
def publish(project: Path, out: Path, preview: bool, as_json: bool) -> None:
    """The citizens' page of a project: a folder for any web server, file share or USB stick."""
    output.json = as_json
    from .. import publishing
    from ..pipeline import opening

    with progress_bar() as progress:
        done = publishing.publish(opening.load(project), out, preview=preview, progress=progress)
    output.answer(done.as_dict(), done.text())
    report_problems(done.as_dict()["problems"])


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--project", type=click.Path(path_type=Path), default=Path(), help="The project they belong to; else the folder one is in.")
@json_option
def collect(sources: tuple[str, ...], project: Path, as_json: bool) -> None:
    """Take what citizens sent into a project: files, folders, links of the page, or the address of a server."""
    output.json = as_json
    from .. import feedback
    from ..pipeline import opening

    with progress_bar() as progress:
        done = feedback.collect(opening.load(project), sources, progress=progress)
    output.answer(done.as_dict(), done.text())
    report_problems(done.as_dict()["problems"])


@click.command()
@click.argument("project", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files; else participation/report in the project.")
@click.option("--language", type=click.Choice(["de", "en"]), default="de", help="Language of the report.")
@json_option
def report(project: Path, out: Path | None, language: str, as_json: bool) -> None:
    """The report on what citizens sent: HTML, CSV, XLSX and GeoJSON."""
    output.json = as_json
    from .. import feedback
    from ..pipeline import opening

    with progress_bar() as progress:
        paths, made = feedback.report(opening.load(project), out, language="en" if language == "en" else "de", progress=progress)
    counted = {"contributions": made.number, "comments": made.comments.total(), "designs": made.designs.total(), "places": len(made.places)}
    files = [str(path) for path in paths]
    output.answer({"files": files, **counted}, "\n".join([f"{made.number} contributions, {made.comments.total()} statements", *files]))
