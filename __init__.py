"""Jena Planner: plan a town with its people. The same files are the Blender extension and the Python package `jena_planner`."""


def register() -> None:
    """Called by Blender when the extension is enabled."""
    import bpy

    from . import operators, scene

    scene.register()
    operators.register()
    _commands.append(bpy.utils.register_cli_command("jena_planner", _command))


def _command(arguments: list[str]) -> int:
    """`blender --command jena_planner …`: the same as `jena-planner …`."""
    from . import cli

    try:
        cli.main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


_commands: list[object] = []


def unregister() -> None:
    """Called by Blender when the extension is disabled."""
    import bpy

    from . import operators, scene

    while _commands:
        bpy.utils.unregister_cli_command(_commands.pop())
    operators.unregister()
    scene.unregister()
