"""How panels are laid out: where they stand, sentences over several lines, forms, the one button a panel is about."""

from __future__ import annotations

import textwrap
from typing import Any

from ...scene import document
from .. import projects, view

FRAME, CHARACTER = 45, 5.7  # points of a sidebar that no words stand in, and of a middling character


def room(context: Any) -> int:
    """How many characters a line of the sidebar has room for."""
    scale = context.preferences.system.ui_scale
    return max(20, int((context.region.width / scale - FRAME) / CHARACTER))


def wrapped(text: str, wide: int) -> list[str]:
    """A text in lines of so many characters at most; longer words stand by themselves."""
    return textwrap.wrap(text, max(wide, 10), break_long_words=False, break_on_hyphens=False) or [""]


def lines(layout: Any, text: str, icon: str = "NONE", wide: int = 40) -> None:
    """A sentence over as many lines as a sidebar needs."""
    column = layout.column(align=True)
    column.scale_y = 0.85
    for number, line in enumerate(wrapped(text, wide - 4 if icon != "NONE" else wide)):
        column.label(text=line, icon="BLANK1" if number and icon != "NONE" else icon, translate=False)


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
