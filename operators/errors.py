"""What went wrong, as one sentence in the interface, with the details in a log file and on the clipboard when asked for."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import bpy

from ..jena_city.about import library_versions, version
from ..jena_city.problems import Cancelled, InputProblem
from . import preferences, sentences


@dataclass(frozen=True)
class Failure:
    """sentence : for the panel, in English. details : for whoever mends it. panel : the one that shows it, see `jobs.Job`."""

    sentence: str
    details: str
    panel: str = "project"


last: list[Failure] = []
"""The failure that the panel shows; empty when there is none."""


def sentence_of(error: BaseException) -> str:
    """One sentence for a person."""
    if isinstance(error, InputProblem):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'Disk'}: {error.strerror}."
    if isinstance(error, MemoryError):
        return "The memory of this machine does not suffice. Read a smaller area or fewer files."
    return f"A fault in the program ({type(error).__name__}: {error}). Copy the details and report it."


def note(error: BaseException, panel: str = "project") -> str:
    """Keep an error for the panel and the log; returns its sentence."""
    sentence = sentence_of(error)
    libraries = ", ".join(f"{name} {number}" for name, number in library_versions().items())
    about = f"Jena Planner {version()}, Blender {bpy.app.version_string}, {libraries}"
    details = f"{sentence}\n\n{about}\n\n{''.join(traceback.format_exception(error))}"
    last[:] = [Failure(sentence, details, panel)]
    log = preferences.log_file()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"--- {datetime.now():%Y-%m-%d %H:%M:%S}\n{details}\n")
    except OSError:
        pass  # where nothing can be written the panel still says what happened
    return sentence


@contextmanager
def reported(operator: Any) -> Iterator[None]:
    """Run an operator's work; what a user's file or setting did becomes a report, and so does a fault of ours. Check `failed` after."""
    operator.failed = False
    try:
        yield
        last.clear()
    except Cancelled:
        operator.failed = True
    except Exception as error:  # noqa: BLE001 - the one place for operators: a fault must not end in a traceback on the user's screen
        operator.failed = True
        operator.report({"ERROR"}, sentences.spoken(note(error, getattr(operator, "panel", "project"))))


class JENA_OT_copy_details(bpy.types.Operator):
    """Copy what went wrong, with versions and the place in the program, to hand it on"""

    bl_idname = "jena.copy_details"
    bl_label = "Copy Details"

    def execute(self, context: Any) -> set[str]:
        if last:
            context.window_manager.clipboard = last[0].details
            self.report({"INFO"}, "Copied to the clipboard")
        return {"FINISHED"}


class JENA_OT_dismiss(bpy.types.Operator):
    """Take the message away"""

    bl_idname = "jena.dismiss"
    bl_label = "Dismiss"

    def execute(self, _context: Any) -> set[str]:
        last.clear()
        return {"FINISHED"}


CLASSES = (JENA_OT_copy_details, JENA_OT_dismiss)
