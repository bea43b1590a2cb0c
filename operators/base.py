"""What our operators have in common."""

from __future__ import annotations

from typing import Any

import bpy

from ..scene import document
from . import errors


def translated(text: str) -> str:
    """A word of the interface in its language."""
    return str(bpy.app.translations.pgettext_iface(text))


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
