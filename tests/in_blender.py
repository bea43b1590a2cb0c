"""Runs inside a Blender that has nothing but itself: installs a zip of the extension, enables it, works with it.

    python tests/in_blender.py ZIP FOLDER                     (a Python with bpy)
    blender -b --python tests/in_blender.py -- ZIP FOLDER     (a Blender)

The settings must be a folder of their own (BLENDER_USER_RESOURCES). Prints one line: EXTENSION and a JSON object.
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
    extension = Path(bpy.utils.user_resource("EXTENSIONS"))
    installed = (extension / "user_default" / "jena_planner" / "blender_manifest.toml").is_file()
    said = {"blender": bpy.app.version_string, "installed": installed, "enabled": NAME in bpy.context.preferences.addons}
    if installed:
        pipeline = importlib.import_module(f"{NAME}.pipeline")
        sample = importlib.import_module(f"{NAME}.jena_city.sample")
        about = importlib.import_module(f"{NAME}.jena_city.about")
        store = importlib.import_module(f"{NAME}.jena_city.store")
        project = pipeline.load(sample.write(Path(folder)))
        report = pipeline.run(project, only=("import", "analyses"))
        picture = project.file.pictures[0].model_copy(update={"name": "klein", "width": 96, "height": 64, "samples": 1})
        drawn = pipeline.run(project, only=("pictures",), pictures=[picture])
        results = [Path(entry["path"]) for entry in report["made"] if entry["path"].endswith(".npz")]
        sun = store.load_result(results[0])
        said |= {
            "made": sorted({entry["kind"] for entry in report["made"]}),
            "most_sun": float(sun.values[sun.valid].max()),
            "pictures": [entry["path"] for entry in drawn["made"] if entry["kind"] == "picture"],
            "libraries": [[row.name, row.installed, row.locked] for row in about.compare_libraries() if not row.ok],
            "shapely": importlib.import_module("shapely").__file__,
            "site": str(extension / ".local"),
        }
    print("EXTENSION", json.dumps(said), flush=True)


words = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
main(*words)
