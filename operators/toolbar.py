"""Our tools in the toolbar of the viewport: while one is chosen, each click on the ground begins it. With pictures of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from . import demolishing, drawing, icons, moving, outside


class _InToolbar:
    bl_space_type = "VIEW_3D"
    bl_context_mode = "OBJECT"


def _on_click(operator: str, **properties: Any) -> Any:
    """The keymap of a tool that begins an operator where the ground is clicked."""
    return ((operator, {"type": "LEFTMOUSE", "value": "PRESS"}, {"properties": list(properties.items())}),)


class JenaRectangleTool(_InToolbar, bpy.types.WorkSpaceTool):
    bl_idname = "jena.rectangle_tool"
    bl_label = "Draw Block: Rectangle"
    bl_description = drawing.JENA_OT_draw_block.__doc__
    bl_keymap = _on_click("jena.draw_block", kind="rectangle")
    picture = "rectangle"


class JenaPolygonTool(_InToolbar, bpy.types.WorkSpaceTool):
    bl_idname = "jena.polygon_tool"
    bl_label = "Draw Block: Polygon"
    bl_description = drawing.JENA_OT_draw_block.__doc__
    bl_keymap = _on_click("jena.draw_block", kind="polygon")
    picture = "polygon"


class JenaMoveTool(_InToolbar, bpy.types.WorkSpaceTool):
    bl_idname = "jena.move_tool"
    bl_label = moving.JENA_OT_move_blocks.bl_label
    bl_description = moving.JENA_OT_move_blocks.__doc__
    bl_keymap = _on_click("jena.move_blocks")
    picture = "move"


class JenaDemolishTool(_InToolbar, bpy.types.WorkSpaceTool):
    bl_idname = "jena.demolish_tool"
    bl_label = demolishing.JENA_OT_demolish.bl_label
    bl_description = demolishing.JENA_OT_demolish.__doc__
    bl_keymap = _on_click("jena.demolish")
    picture = "demolish"


class JenaPlantTool(_InToolbar, bpy.types.WorkSpaceTool):
    bl_idname = "jena.plant_tool"
    bl_label = outside.JENA_OT_plant_trees.bl_label
    bl_description = outside.JENA_OT_plant_trees.__doc__
    bl_keymap = _on_click("jena.plant_trees")
    picture = "plant"


CLASSES = (JenaRectangleTool, JenaPolygonTool, JenaMoveTool, JenaDemolishTool, JenaPlantTool)


def register(registry: Any, folder: Path) -> None:
    """Into the toolbar, in a group of their own. folder : where their pictures may be written."""
    if bpy.context.window_manager.keyconfigs.addon is None:  # no interface
        return
    for number, tool in enumerate(CLASSES):
        tool.bl_icon = icons.write(folder, tool.picture)
        bpy.utils.register_tool(tool, separator=number == 0)
        registry.on_undo(lambda tool=tool: bpy.utils.unregister_tool(tool))
