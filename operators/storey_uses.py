"""Uses of single storeys: a shop on the ground floor, offices above it, flats above those."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from ..jena_city.problems import InputProblem
from ..jena_city.variant import uses_with
from ..scene import notes, properties, sync
from . import variants
from .base import translated

ONE_BY_ONE = 10  # storeys: of a higher block those alike are one row


def _all(thing: Any) -> list[str]:
    """The use of each storey of a block, from the ground floor up."""
    note = notes.get(thing)
    assert note is not None
    uses = note.get("storey_uses") or []
    return [uses[number] if number < len(uses) else note["use"] for number in range(note["storeys"])]


def runs(thing: Any) -> list[tuple[int, int, str]]:
    """(first, last, use) of the storeys of a block, from the ground floor (0) up. The ground floor is always by itself."""
    uses = _all(thing)
    if len(uses) <= ONE_BY_ONE:
        return [(number, number, use) for number, use in enumerate(uses)]
    found = []
    for (_, use), numbers in groupby(range(len(uses)), key=lambda number: (number == 0, uses[number])):
        within = list(numbers)
        found.append((within[0], within[-1], use))
    return found


def storeys_words(first: int, last: int) -> str:
    """What storeys are called."""
    if last == 0:
        return translated("Ground floor")
    return translated("Upper floor {}").format(last) if first == last else translated("Upper floors {} to {}").format(first, last)


def _items(_self: Any, context: Any) -> list[Any]:
    thing = context.object if context is not None else None
    note = notes.get(thing) if sync.is_block(thing) else None
    own = [note["use"], *(note.get("storey_uses") or [])] if note else []
    _ITEMS[:] = properties.use_items(own)
    return _ITEMS


_ITEMS: list[Any] = []  # Blender keeps no reference to the words of a list made in a function


class JENA_OT_storey_use(variants.OnBlocks, bpy.types.Operator):
    """Give storeys of the selected blocks a use of their own; all others have the main use"""

    bl_idname = "jena.storey_use"
    bl_label = "Use of Storeys"
    bl_options = {"REGISTER", "UNDO"}

    first: IntProperty(name="From storey", description="0 is the ground floor, 1 the first upper floor", min=0, max=199)
    last: IntProperty(name="To storey", description="0 is the ground floor, 1 the first upper floor", min=0, max=199)
    use: EnumProperty(name="Use", description="What the storeys are used for", items=_items)

    def invoke(self, context: Any, _event: Any) -> set[str]:
        return set(context.window_manager.invoke_props_dialog(self, width=320))

    def draw(self, _context: Any) -> None:
        form = self.layout.column()
        form.use_property_split, form.use_property_decorate = True, False
        for name in ("first", "last", "use"):
            form.prop(self, name)

    def do(self, context: Any) -> None:
        most = max(len(_all(thing)) for thing in context.selected_objects if sync.is_block(thing))
        if most <= min(self.first, self.last):
            raise InputProblem(self.bl_label, "no selected block has these storeys", f"The highest has {most}; 0 is the ground floor")
        super().do(context)

    def change(self, thing: Any) -> None:
        note = notes.get(thing)
        assert note is not None
        first, last = min(self.first, self.last), min(max(self.first, self.last), note["storeys"] - 1)
        if first <= last:
            sync.change(thing, storey_uses=list(uses_with(note.get("storey_uses") or [], note["use"], self.use, first, last)))


CLASSES = (JENA_OT_storey_use,)
