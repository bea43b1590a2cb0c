"""Runs inside a Blender that has nothing but itself: installs a zip of the extension, enables it, works with it.

    python tests/in_blender.py ZIP PROJECT                                            (a Python with bpy)
    blender -b --python-exit-code 1 --python tests/in_blender.py -- ZIP PROJECT       (a Blender)

The user's folders must be of their own (BLENDER_USER_RESOURCES). Prints a line at the end: EXTENSION and a JSON object.
"""

import importlib
import json
import sys
from pathlib import Path

import bpy

NAME = "bl_ext.user_default.jena_planner"


def main(archive: str, folder: str) -> None:
    bpy.ops.extensions.package_install_files(filepath=archive, repo="user_default")  # says FINISHED even when it refused
    bpy.ops.preferences.addon_enable(module=NAME)
    assert "open_sample" in dir(bpy.ops.jena), "the extension's operators do not exist"
    opening = importlib.import_module(f"{NAME}.pipeline.opening")
    steps = importlib.import_module(f"{NAME}.pipeline.steps")
    about = importlib.import_module(f"{NAME}.jena_city.about")
    libraries = Path(bpy.utils.user_resource("EXTENSIONS")) / ".local"
    before = sorted(path.name for path in libraries.rglob("*.dist-info"))
    report = steps.run(opening.load(folder))
    said = {
        "blender": bpy.app.version_string,
        "made": sorted({entry["kind"] for entry in report["made"]}),
        "older": [row.name for row in about.compare_libraries() if not row.ok],
        "from_zip": importlib.import_module("shapely").__file__.startswith(str(libraries)),
        "kept": before == sorted(path.name for path in libraries.rglob("*.dist-info")),  # a second Blender did not sweep them away
    }
    print("EXTENSION", json.dumps(said), flush=True)
    wanted = {"made": ["picture", "result", "scene"], "older": [], "from_zip": True, "kept": True}
    assert all(said[key] == value for key, value in wanted.items()), said


main(*(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]))
