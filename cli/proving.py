"""Reference cases by others, and speed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .output import DONE_WITH_PROBLEMS, Commands, answer_table, json_option, output, progress_bar


@click.group(cls=Commands)
def verify() -> None:
    """Reference cases by others against this program, deviations listed."""


@verify.command("light")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def verify_light(path: Path, as_json: bool) -> None:
    """Sun, shadows and sky against the reference files in PATH."""
    output.json = as_json
    from ..verification import light

    with progress_bar() as progress:
        rows = light.verify(path, progress=progress)
    _answer_cases(rows)


@verify.command("buildings")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def verify_buildings(path: Path, as_json: bool) -> None:
    """Volumes, roofs, footprints and heights of the CityGML in PATH against closed forms of its polygons."""
    output.json = as_json
    from ..verification import buildings

    with progress_bar() as progress:
        rows = buildings.verify(path, progress=progress)
    _answer_cases(rows)


@verify.command("noise")
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def verify_noise(path: Path, as_json: bool) -> None:
    """The spread of sound after CNOSSOS-EU against the cases of ISO/TR 17534-4 in PATH."""
    output.json = as_json
    from ..verification import noise

    with progress_bar() as progress:
        rows = noise.verify(path, progress=progress)
    worst = noise.worst(rows)
    answer_table({"cases": rows, "worst_db": worst}, rows)
    if worst > noise.ALLOWED:
        output.exit_code = DONE_WITH_PROBLEMS


def _answer_cases(rows: list[dict[str, Any]]) -> None:
    answer_table({"cases": rows}, rows)
    if not all(row["ok"] for row in rows):
        output.exit_code = DONE_WITH_PROBLEMS


@click.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def bench(ctx: click.Context) -> None:
    """Speed tables, as ratios measured in one run."""
    if ctx.invoked_subcommand is None:
        for command in (bench_rays, bench_light, bench_noise, bench_import, bench_open, bench_variants, bench_render):
            ctx.invoke(command)


@bench.command("rays")
@click.option("--houses", default=20_000, show_default=True, type=click.IntRange(1), help="Houses in the scene.")
@click.option("--sensors", default=1_000_000, show_default=True, type=click.IntRange(1000), help="Rays towards the sun.")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@json_option
def bench_rays(houses: int, sensors: int, runs: int, as_json: bool) -> None:
    """Our ray caster against the BVHTree loop and bare embreex."""
    output.json = as_json
    from ..benchmarks import rays

    with progress_bar() as progress:
        data = rays.run(houses=houses, sensors=sensors, runs=runs, progress=progress)
    answer_table(data, data["rows"])


@bench.command("horizon")
@click.option("--side", default=300, show_default=True, type=click.IntRange(50), help="Cells a side of the surface.")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@json_option
def bench_horizon(side: int, runs: int, as_json: bool) -> None:
    """The horizon sweep, beside GRASS r.horizon where it is installed."""
    output.json = as_json
    from ..benchmarks import horizon

    with progress_bar() as progress:
        data = horizon.run(side=side, runs=runs, progress=progress)
    answer_table(data, data["rows"])


@bench.command("light")
@click.option("--houses", type=click.IntRange(10, 1_000_000), default=2_000, show_default=True, help="Size of the made-up town.")
@click.option("--runs", type=click.IntRange(1, 100), default=5, show_default=True, help="How often each is measured, in turn.")
@json_option
def bench_light(houses: int, runs: int, as_json: bool) -> None:
    """Hours of sun of a day, whole and after one block has moved; and the horizon sweep, see `bench horizon`."""
    output.json = as_json
    from ..benchmarks import horizon, light

    with progress_bar() as progress:
        data = light.run(houses=houses, runs=runs, progress=progress)
        swept = horizon.run(runs=runs, progress=progress)
    data["horizon"] = swept
    answer_table(data, data["rows"])
    if not as_json:
        answer_table(swept, swept["rows"])


@bench.command("noise")
@click.option("--houses", default=300, show_default=True)
@click.option("--receivers", default=10_000, show_default=True)
@click.option("--runs", default=3, show_default=True)
@json_option
def bench_noise(houses: int, receivers: int, runs: int, as_json: bool) -> None:
    """Noise at more and more receivers against the direct path alone in NumPy, and what other traffic costs."""
    output.json = as_json
    from ..benchmarks import noise

    with progress_bar() as progress:
        data = noise.run(houses=houses, receivers=receivers, runs=runs, progress=progress)
    answer_table(data, data["rows"])


@bench.command("import")
@click.argument("tile", required=False, type=click.Path(path_type=Path))
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@click.option("--tiles", type=click.IntRange(1), help="Instead: towns of up to so many tiles of 140 MB, read anew and once more.")
@json_option
def bench_import(tile: Path | None, runs: int, tiles: int | None, as_json: bool) -> None:
    """Reading CityGML as a multiple of a bare lxml pass: TILE itself and 140 MB of shifted copies of it."""
    output.json = as_json
    from ..benchmarks import importing

    with progress_bar() as progress:
        if tiles:
            data = importing.run_tiles(tiles=tiles, tile=tile, progress=progress)
        else:
            data = importing.run(tile=tile, runs=runs, progress=progress)
    answer_table(data, data["rows"])


@bench.command("open")
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1), help="Interleaved runs.")
@json_option
def bench_open(runs: int, as_json: bool) -> None:
    """How long opening a project holds Blender up: the sample, and real tiles where JENA_PLANNER_DATA names their folder."""
    output.json = as_json
    from ..benchmarks import opening

    with progress_bar() as progress:
        data = opening.run(runs=runs, progress=progress)
    answer_table(data, data["rows"])


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
    from ..benchmarks import variants

    with progress_bar() as progress:
        data = variants.run(counts=blocks, houses=houses, runs=runs, progress=progress)
    answer_table(data, data["rows"])


@bench.command("page")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--runs", default=9, show_default=True, type=click.IntRange(1, 100), help="Frames of each kind, interleaved.")
@json_option
def bench_page(folder: Path | None, runs: int, as_json: bool) -> None:
    """A frame of the citizens' page in FOLDER (missing: the sample's) against three.js alone; only in a checkout, with chromium."""
    output.json = as_json
    from ..benchmarks import page

    with progress_bar() as progress:
        data = page.run(folder=folder, runs=runs, progress=progress)
    answer_table(data, data["rows"])


@bench.command("render")
@click.option("--frames", default=24, show_default=True, type=click.IntRange(2, 60), help="Frames of the film.")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1), help="Stills, of which the quickest counts.")
@json_option
def bench_render(frames: int, runs: int, as_json: bool) -> None:
    """What pictures cost beside Cycles, a film beside new processes, and two workers beside one. Takes minutes."""
    output.json = as_json
    from ..benchmarks import rendering

    with progress_bar() as progress:
        data = rendering.run(frames=frames, runs=runs, progress=progress)
    answer_table(data, data["rows"])
