"""What our operators have in common."""

from __future__ import annotations

import json
from typing import Any

import bpy
import numpy as np

from ..jena_city.arrays import FloatArray
from ..jena_city.problems import InputProblem
from ..scene import document
from . import errors


def translated(text: str) -> str:
    """A word of the interface in its language."""
    return str(bpy.app.translations.pgettext_iface(text))


def points_of(text: str, form: str) -> FloatArray:
    """The rows of a list of points, written as JSON in this form: "x, y, z". Raises InputProblem."""
    try:
        rows = np.array(json.loads(text), np.float64).reshape(-1, form.count(",") + 1)
        if not np.isfinite(rows).all():
            raise ValueError
    except (ValueError, TypeError) as error:
        raise InputProblem("the points", "they are no list of points", f"Give [[{form}], …]") from error
    return rows


class Reporting:
    """An operator whose work may fail: `do` does it; what goes wrong becomes a report (see `errors.reported`)."""

    failed: bool
    panel = "project"  # where what went wrong is shown, see `jobs.Job`

    def do(self, context: Any) -> None:
        """The work."""
        raise NotImplementedError

    def execute(self, context: Any) -> set[str]:
        with errors.reported(self):
            self.do(context)
        return {"CANCELLED"} if self.failed else {"FINISHED"}


class InProject(Reporting):
    """One that needs a project in the scene."""

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene)
