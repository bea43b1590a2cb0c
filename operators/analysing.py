"""Analyses from the registry, run in the background, their results shown when they are there."""

import time
from pathlib import Path
from typing import Any

import bpy
from bpy.props import EnumProperty
from pydantic import ValidationError

from ..analyses import estimating, obstacles
from ..analyses.measuring import Placed
from ..analyses.registry import REGISTRY
from ..jena_city import imported
from ..jena_city.problems import Progress
from ..pipeline import editing, opening, steps
from ..scene import document, properties
from . import base, jobs, projects, results, variants


def estimate(scene: Any, kind: str) -> float | None:
    """About how many seconds the analysis will take for a variant, with the settings of the panel; None where nobody can say."""
    site, model = document.loaded_site(scene), REGISTRY[kind].settings
    if site is None or not issubclass(model, Placed):
        return None
    group = getattr(scene, f"jena_{kind}")
    try:
        asked = model.model_validate({field: getattr(group, field) for field in properties.shown_fields(model)})
    except ValidationError:  # said when it is begun
        return None
    return estimating.seconds(site, asked)


class JENA_OT_run(base.InProject, bpy.types.Operator):
    """Compute the chosen analysis for the shown variant, or for all; what is done and still true is not done again"""

    bl_idname = "jena.run_analysis"
    bl_label = "Compute"
    bl_options = {"REGISTER"}
    panel = "analyses"

    analysis: EnumProperty(
        name="Analysis", items=[(one.name, one.label, one.description) for one in REGISTRY.values()], options={"SKIP_SAVE"}
    )

    def invoke(self, context: Any, _event: Any) -> set[str]:
        self.analysis = context.scene.jena.analysis
        return self.execute(context)

    def do(self, context: Any) -> None:
        scene = context.scene
        kind = self.analysis
        projects.write_folder(scene)
        group = getattr(scene, f"jena_{kind}")
        asked = {field: getattr(group, field) for field in properties.shown_fields(REGISTRY[kind].settings)}
        only = variants.shown(scene) if scene.jena.only_shown else None
        opened, stem = editing.with_analysis(opening.load(document.folder(scene)), kind, asked)
        document.keep_mine(scene)  # project.toml asks for more now

        expected, begun = estimate(scene, kind), time.monotonic()

        def work(progress: Progress) -> Any:
            come: set[Path] = set()

            def arrived(path: Path) -> None:
                come.add(path)
                job.arrived.append(results.ready(path, imported.site_in(opened.folder)))

            report = steps.run(
                opened,
                only=("analyses",),
                chosen=lambda which, variant: which == stem and only in (None, variant),
                arrived=arrived,
                progress=progress,
            )
            made = [
                Path(entry["path"])
                for entry in report["made"]
                if entry["path"].endswith(".npz") and entry["name"].startswith(f"analysis {stem} ") and only in (None, entry["variant"])
            ]
            if expected is not None and only is not None and len(come) == len(made):
                estimating.learn(expected, time.monotonic() - begun)
            site = imported.site_in(opened.folder)
            return [results.ready(path, site) for path in made if path not in come], [path.stem for path in made]

        def done(scene: Any, found: Any) -> None:
            rest, names = found
            results.put(scene, rest)
            results.show_first(scene, names)

        job = jobs.Job(REGISTRY[kind].label, scene.name, work, done, self.panel, results.arrive)
        jobs.start(job)


CLASSES = (JENA_OT_run,)


def register(registry: Any) -> None:
    """What analyses keep in memory goes with the interface."""
    registry.on_undo(obstacles.forget)
