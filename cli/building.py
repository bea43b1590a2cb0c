"""The extension's zips."""

from __future__ import annotations

from pathlib import Path

import click

from ..jena_city.problems import InputProblem
from .output import DONE_WITH_PROBLEMS, json_option, output, progress_bar, spoken


@click.command("build-extension")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the zips and their index.json.")
@click.option("--for", "blender", type=click.Path(path_type=Path), help="A Blender's program file: one development zip for just that one.")
@json_option
def build_extension(out: Path, blender: Path | None, as_json: bool) -> None:
    """The extension's zips, one for each platform and Python (from a checkout)."""
    output.json = as_json
    from importlib import import_module

    from ..jena_city.about import ROOT

    if not (ROOT / "packaging" / "extension.py").is_file():
        raise InputProblem(
            "build-extension", "the zips are built from the source, and this is an installed program", "Run it in a checkout"
        )
    extension = import_module("..packaging.extension", __package__)  # by name: the folder is not part of what is shipped

    with progress_bar() as progress:
        report = extension.build(out.resolve(), blender and blender.absolute(), progress=spoken(progress))
    lines = [f"{one['path']}  {one['size'] / 1e6:.0f} MB, Blender {one['blender']}, {len(one['wheels'])} wheels" for one in report["zips"]]
    problems = [f"- {Path(one['path']).name}: {problem}" for one in report["zips"] for problem in one["problems"]]
    output.answer(report, "\n".join([*lines, *([report["index"]] if report["index"] else []), *problems]))
    if problems:
        output.exit_code = DONE_WITH_PROBLEMS
