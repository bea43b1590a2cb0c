"""What must work on every Blender we support: register, import, one analysis, one picture, the .blend opened again elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jena_planner.pipeline import opening, steps

from . import small

pytestmark = pytest.mark.needs("bpy")


def test_register_and_unregister_three_times() -> None:
    import jena_planner

    for _ in range(3):
        jena_planner.register()
        jena_planner.unregister()


def test_import_sun_hours_picture_and_blend(tmp_path: Path) -> None:
    import bpy  # noqa: F401 - it changes the search path, which once kept the child from finding bpy

    folder = small.write(tmp_path)
    report = steps.run(opening.load(folder))
    assert report["problems"] == []
    assert {entry["kind"] for entry in report["made"]} == {"result", "scene", "picture"}
    code = """
import sys, bpy, json, numpy as np
bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
mesh = bpy.data.objects["sun-hours-2025-03-21-ground-neu"].data
values = np.zeros(len(mesh.polygons), np.float32)
mesh.attributes["value"].data.foreach_get("value", values)
print("VALUES", len(values), round(float(values.max()), 3), json.loads(bpy.data.objects["Neubau"]["jena_planner"])["storeys"], bpy.context.scene["SRID"])
"""
    done = subprocess.run([sys.executable, "-c", code, str(folder / "kleine-strasse.blend")], capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("VALUES"))
    from jena_planner.jena_city import store

    result = store.load_result(folder / "results/sun-hours-2025-03-21-ground-neu.npz")
    _, number, highest, storeys, srid = line.split()
    assert int(number) >= 2 * int(result.valid.sum())
    assert float(highest) == pytest.approx(float(result.values[result.valid].max()), abs=1e-3)
    assert (storeys, srid) == ("5", "EPSG:25832")
