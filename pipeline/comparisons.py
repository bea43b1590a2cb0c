"""The variants of a project side by side, and what the rules find in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import shapely

from ..jena_city import comparing, imported, land_balance, metrics, profiles, rules, workbook
from ..jena_city.building_plots import building_plots
from ..jena_city.origin import Origin
from ..jena_city.problems import Problem, Progress, no_progress, stretch
from ..jena_city.variant import Variant
from .opening import Project
from .work import Work


@dataclass(frozen=True)
class Comparison:
    """rows : of key figures. findings : of all rules, balances : of the land, parcel by parcel, by the id of the variant. variants : by id,
    in the order of the project. law, assumptions : what was reckoned by, source : of the data, in words."""

    rows: list[comparing.Row]
    findings: dict[str, list[rules.Finding]]
    balances: dict[str, list[land_balance.Balance]]
    origin: Origin
    variants: dict[str, Variant]
    law: str
    assumptions: str
    source: str
    problems: list[Problem]

    def write_workbook(self, path: Path) -> None:
        """All of it as XLSX."""
        said = {"law": self.law, "assumptions": self.assumptions, "source": self.source}
        workbook.write(path, self.rows, self.findings, self.balances, self.variants, self.origin, **said)


def compare(opened: Project, base: str, *, progress: Progress = no_progress) -> Comparison:
    """The key figures of all variants of a project beside those of one, the base. Raises InputProblem, Cancelled."""
    read = imported.imported(opened.file, opened.folder, lambda share, what: progress(0.6 * share, what))
    return compared(Work(opened, read, opened.folder), base, progress=stretch(progress, 0.6, 1.0))


def compared(work: Work, base: str, *, progress: Progress = no_progress) -> Comparison:
    """The same for a project that is read already."""
    opened, (law, given) = work.project, profiles.reckoned_by(work.project.file)
    work.known(base)
    found, findings, balances, problems = {}, {}, {}, []
    land = shapely.union_all([metrics.touched(work.site, variant) for variant in work.variants.values()])
    for number, (name, variant) in enumerate(work.variants.items()):
        progress(number / len(work.variants), "key figures")
        applied = work.applied[name]
        problems += applied.problems
        plots = building_plots(work.site, variant, opened.file.building_plots)
        bodies = metrics.bodies_of(applied, law, given)
        found[name] = metrics.sheets(applied, plots, law, given, land, bodies)
        findings[name] = rules.findings(applied, plots, law, given, found[name], bodies)
        balances[name] = land_balance.balance(work.site, variant, plots)
    progress(1.0, "done")
    table = comparing.rows(found, base)
    origin, source = work.site.origin, work.site.source
    return Comparison(table, findings, balances, origin, work.variants, law.name, given.source, source, problems)


def find(work: Work) -> None:
    """What the rules find in each variant that has blocks; reckoned again only where something that goes in has changed."""
    law, given = profiles.reckoned_by(work.project.file)
    for name, key in findings_keys(work).items():
        if not work.is_made(f"findings {name}", key):
            plots = building_plots(work.site, work.variants[name], work.project.file.building_plots)
            found = rules.of_variant(work.applied[name], plots, law, given)
            work.remember(f"findings {name}", key, "findings", [], found=comparing.findings_as_dicts(found, work.site.origin))


def findings_keys(work: Work) -> dict[str, str]:
    law, given = profiles.reckoned_by(work.project.file)
    plots = [plot.model_dump(mode="json") for plot in work.project.file.building_plots]
    asked = [plots, asdict(law), given.model_dump(mode="json")]
    return {name: work.key_of_words([name], "findings", asked) for name, one in work.variants.items() if one.blocks}
