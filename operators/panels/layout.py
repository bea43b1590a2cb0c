"""How panels are laid out: where they stand, sentences over several lines, forms, the one button a panel is about."""

from __future__ import annotations

from typing import Any

from ...scene import document
from .. import projects, view


def lines(layout: Any, text: str, icon: str = "NONE", wide: int = 40) -> None:
    """A sentence over as many lines as a sidebar needs."""
    column = layout.column(align=True)
    column.scale_y = 0.85
    line, first = "", True
    for word in [*text.split(), None]:  # type: ignore[list-item]
        if word is None or (line and len(line) + len(word) >= wide):
            column.label(text=line, icon=icon if first else ("BLANK1" if icon != "NONE" else "NONE"), translate=False)
            line, first = word or "", False
        else:
            line = f"{line} {word}" if line else word


class Tab:
    """A panel of our tab."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = view.TAB


class InProject(Tab):
    """One that needs a project in the scene."""

    @classmethod
    def poll(cls, context: Any) -> bool:
        return document.is_document(context.scene) and projects.state[0].kind != "newer"


def fields(layout: Any) -> Any:
    """A column of fields with their names to the left."""
    form = layout.column()
    form.use_property_split = True
    form.use_property_decorate = False
    return form


def primary(layout: Any) -> Any:
    """Room for the one button that a panel is about."""
    row = layout.row()
    row.scale_y = 1.4
    return row
