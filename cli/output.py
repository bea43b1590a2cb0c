"""What the command line prints: answers on standard output; bars, warnings and faults on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

from ..jena_city.problems import Progress

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


def unraised(one: Any) -> None:
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


def spoken(progress: Progress) -> Progress:
    """The same, in lines where standard error is no terminal: this takes minutes, in logs too."""
    if sys.stderr.isatty():
        return progress

    def say(_share: float, what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    return say


class Commands(click.Group):
    """Lists commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def stop(message: str) -> NoReturn:
    print(f"jena-planner: {message}", file=sys.stderr)
    sys.exit(NOT_DONE)


def rounded(value: float) -> str:
    digits = 0 if abs(value) >= 1000 or value == round(value) else 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3
    return f"{value:.{digits}f}"


def answer_table(data: dict[str, Any], rows: list[dict[str, Any]]) -> None:
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


def answer_run(report: dict[str, Any]) -> None:
    from ..jena_city.themes import WHOLE

    read = report["read"]
    others = sum(number for kind, number in read["features"].items() if kind in WHOLE)
    beside = f"{number(others, 'other object')}, " if others else ""
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
        files = number(len(report["left"]), "file")
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
        lines.append(f"{number(len(problems), 'problem')} in the data, listed in {report['report']}:")
        lines += [f"- {code} ({number}): {_first(problems, code)}" for code, number in counts.most_common()]
    output.answer(report, "\n".join(lines))
    report_problems(problems)


def number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _made_lines(made: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each picture and scene with its path, results as a number of files in a folder."""
    results = [entry["path"] for entry in made if entry["kind"] == "result"]
    if results:
        yield "results", f"{len(results)} files in {Path(results[0]).parent}"
    yield from ((entry["kind"], entry["path"]) for entry in made if entry["kind"] != "result")


def _first(problems: list[dict[str, Any]], code: str) -> str:
    return problem_line(next(problem for problem in problems if problem["code"] == code))


def problem_line(problem: dict[str, Any]) -> str:
    where = " ".join(part for part in (Path(problem["file"]).name, problem["id"]) if part)
    return f"{where}: {problem['message']}" if where else str(problem["message"])


def report_text(report: dict[str, Any]) -> str:
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
    lines += [f"- {problem['code']}: {problem_line(problem)}" for problem in report["problems"]]
    return "\n".join(lines)
