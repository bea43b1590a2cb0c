"""The city as Blender data, and pictures of it. Needs bpy; no user interface."""


def register() -> None:
    """Register all classes and properties. The extension, the command line and workers call this one function."""


def unregister() -> None:
    """Undo `register`, in reverse."""
