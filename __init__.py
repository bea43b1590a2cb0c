"""Jena Planner: plan a town with its people. The same files are the Blender extension and the Python package `jena_planner`."""


def register() -> None:
    """Called by Blender when the extension is enabled."""
    from . import operators, scene

    scene.register()
    operators.register()


def unregister() -> None:
    """Called by Blender when the extension is disabled."""
    from . import operators, scene

    operators.unregister()
    scene.unregister()
