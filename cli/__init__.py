"""The command line. Thin: reads the words, calls, prints. Help lists only what works."""

from __future__ import annotations

import atexit
import errno
import gc
import sys
import tempfile
import traceback
import warnings
from collections.abc import Sequence
from typing import NoReturn

import click

from ..jena_city.problems import Cancelled, InputProblem
from .building import build_extension
from .citizens import collect, publish, report
from .data import background, check, demo, download, import_, profiles_
from .making import contact_sheet, deck, film, presets, render, run, sheets, worker
from .output import Commands, output, stop, unraised
from .proving import bench, verify
from .variants import compare, envelope, export, merge, place, surroundings


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(message="%(version)s", package_name="jena-planner")
def cli() -> None:
    """Plan a town with its people: open geodata in, sun hours and pictures out.

    Exit code 0: done. 1: done, with problems in the data (they are listed). 2: not done, one line says why.
    """


for _command in (
    *(demo, check, profiles_, download, import_, background),
    *(run, film, sheets, render, presets, contact_sheet, deck, worker),
    *(export, compare, place, merge, surroundings, envelope),
    *(publish, collect, report),
    *(verify, bench, build_extension),
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; the one place where errors become a line and an exit code. arguments : default those of the process."""
    if not {"-h", "--help", "--version"} & set(sys.argv[1:] if arguments is None else arguments):  # those are the answer themselves
        output.claim()
    # What libraries mumble about the data is no answer to the user; our own reports are.
    warnings.simplefilter("ignore")
    sys.unraisablehook = unraised
    atexit.register(gc.freeze)  # so that Python does not look through all there is for garbage before it ends, a tenth of a second long
    try:
        cli.main(None if arguments is None else list(arguments), prog_name="jena-planner", standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        stop(error.format_message())
    except InputProblem as problem:
        stop(str(problem))
    except (Cancelled, KeyboardInterrupt, click.Abort):
        stop("stopped. What was finished is kept; the same command goes on from there.")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE):
            stop(f"a fault in the program ({type(error).__name__}: {error}). Details are in {_log_fault()}; please report it.")
        what = "nobody reads the answer" if error.errno == errno.EPIPE else "there is no room left on the disk, or for this user"
        stop(f"{what}. What was finished is kept.")
    except MemoryError:
        stop("the memory of this machine does not suffice. Read a smaller area (--bbox) or fewer files.")
    except Exception as error:  # noqa: BLE001 - the one place: a fault of the program must not end in a traceback on the user's screen
        stop(f"a fault in the program ({type(error).__name__}: {error}). Details are in {_log_fault()}; please report it.")
    sys.exit(output.exit_code)


def _log_fault() -> str:
    try:
        with tempfile.NamedTemporaryFile("w", prefix="jena-planner-fault-", suffix=".log", delete=False, encoding="utf-8") as file:
            file.write(traceback.format_exc())
            return file.name
    except OSError:
        return "no file, as none could be written"
