"""Numbers and findings that follow a change are bitwise those of all reckoned anew, whatever was changed before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jena_planner.benchmarks import variants as made_up
from jena_planner.jena_city import clearances, metrics, rules
from jena_planner.jena_city.applied import apply
from jena_planner.jena_city.assumptions import Assumptions
from jena_planner.jena_city.building_plots import building_plots
from jena_planner.jena_city.land_rules import of_land
from jena_planner.jena_city.problems import InputProblem
from jena_planner.jena_city.project import BuildingPlotEntry
from jena_planner.jena_city.reckoning import Reckoned, Reckoning
from jena_planner.jena_city.site import Site
from jena_planner.jena_city.variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant

LAW, GIVEN = of_land("TH"), Assumptions()
Place = tuple[Site, Variant, list[BuildingPlotEntry]]


@pytest.fixture(scope="module")
def place() -> Place:
    site, variant, plots = made_up.made_up(8, 60)
    plots[1] = plots[1].model_copy(update={"use": "GE", "storeys": 2})
    return site, variant, plots[:5]


def anew(place: Place, variant: Variant) -> Reckoned:
    """Each function by itself, nothing remembered."""
    site, _, entries = place
    plots = building_plots(site, variant, entries)
    applied = apply(site, variant)
    bodies = metrics.bodies_of(applied, LAW, GIVEN)
    sheets = metrics.sheets(applied, plots, LAW, GIVEN)
    walls = clearances.clearances(applied, LAW.clearance, plots)
    return Reckoned(applied, plots, bodies, sheets, walls, rules.findings(applied, plots, LAW, GIVEN, sheets, bodies))


def told(reckon: Callable[[], Reckoned]) -> Any:
    """All that is told, so that == asks for the same bits; the sentence where it cannot be reckoned."""
    try:
        found = reckon()
    except InputProblem as problem:
        return str(problem)
    solids = [(one.vertices.tobytes(), one.triangles.tobytes()) for one in found.applied.solids]
    return solids, found.applied.variant, found.applied.problems, found.sheets, found.findings, [one.shape.wkb for one in found.walls]


def block_changed(number: int, **values: Any) -> Callable[[Variant], Variant]:
    def change(variant: Variant) -> Variant:
        blocks = list(variant.blocks)
        if blocks:
            at = number % len(blocks)
            blocks[at] = replace(blocks[at], **{name: of(blocks[at]) if callable(of) else of for name, of in values.items()})
        return replace(variant, blocks=tuple(blocks))

    return change


def moved(x: float, y: float) -> Callable[[Block], Any]:
    return lambda block: shapely.affinity.translate(block.footprint, x, y)


def without(number: int) -> Callable[[Variant], Variant]:
    return lambda variant: replace(variant, blocks=tuple(one for k, one in enumerate(variant.blocks) if k != number % 8))


def copied(number: int, x: float) -> Callable[[Variant], Variant]:
    def copy(variant: Variant) -> Variant:
        if not variant.blocks:
            return variant
        one = variant.blocks[number % len(variant.blocks)]
        at = next(f"{one.id}-{k}" for k in range(2, 99) if all(other.id != f"{one.id}-{k}" for other in variant.blocks))
        return replace(variant, blocks=(*variant.blocks, replace(one, id=at, footprint=moved(x, 3.0)(one))))

    return copy


def added(name: str, *things: Any) -> Callable[[Variant], Variant]:
    return lambda variant: replace(variant, **{name: (*getattr(variant, name), *things)})


numbers = st.integers(0, 7)
metre = st.floats(-30.0, 30.0).map(lambda value: round(value, 2))
edits = st.one_of(
    st.builds(lambda k, s: block_changed(k, storeys=s), numbers, st.integers(1, 9)),
    st.builds(lambda k, x, y: block_changed(k, footprint=moved(x, y)), numbers, metre, metre),
    st.builds(lambda k, roof, pitch: block_changed(k, roof=Roof(roof, pitch)), numbers, st.sampled_from(["gable", "hip", "mansard"]), st.sampled_from([20.0, 45.0, 72.0])),
    st.builds(lambda k, by: block_changed(k, set_back=by), numbers, st.sampled_from([0.0, 1.5, 9.0])),
    st.builds(lambda k, what: block_changed(k, storeys=0, underground=1, roof=Roof(), counts_as=what), numbers, st.sampled_from(["hauptanlage", "garage"])),
    st.builds(lambda k, what: block_changed(k, counts_as=what), numbers, st.sampled_from(["hauptanlage", "garage", "unterbau"])),
    st.builds(lambda k, use: block_changed(k, use=use), numbers, st.sampled_from(["wohnen", "büro", "mischnutzung"])),
    st.builds(lambda k, name: block_changed(k, name=name), numbers, st.sampled_from(["Nord", "Süd", ""])),
    st.builds(lambda k, why: block_changed(k, properties={"no_clearance": why}), numbers, st.sampled_from(["", "Bestand"])),
    st.builds(without, numbers),
    st.builds(copied, numbers, metre),
    st.builds(lambda k: added("removed", f"H{k}"), st.integers(0, 59)),
    st.builds(lambda x, y, kind: added("open_spaces", OpenSpace(f"{x} {y} {kind}", kind, shapely.box(x, y, x + 20.0, y + 9.0))), metre, metre, st.sampled_from(["street", "green", "parking", "play"])),
    st.builds(lambda x, y: added("planted", PlantedTree(f"{x} {y}", (x, y))), metre, metre),
    st.builds(lambda k: ("fell", k), st.integers(0, 79)),
    st.builds(lambda back: ("back", back), st.integers(1, 3)),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(edits, min_size=1, max_size=6))
def test_what_follows_a_change_is_what_all_anew_would_be(place: Place, steps: list[Any]) -> None:
    site, variant, entries = place
    reckoning = Reckoning(site, LAW, GIVEN, entries)
    been = [variant]
    reckoning.of(variant)
    for step in steps:
        if isinstance(step, tuple) and step[0] == "back":
            after = been[max(0, len(been) - 1 - step[1])]
        elif isinstance(step, tuple):
            assert site.trees is not None
            x, y = site.trees.position[step[1]].tolist()
            after = added("felled", FelledTree((x, y)))(been[-1])
        else:
            after = step(been[-1])
        assert told(lambda after=after: reckoning.of(after)) == told(lambda after=after: anew(place, after))
        been.append(after)


def test_a_changed_block_leaves_the_others_as_they_are(place: Place) -> None:
    site, variant, entries = place
    reckoning = Reckoning(site, LAW, GIVEN, entries)
    first = reckoning.of(variant)
    second = reckoning.of(block_changed(3, storeys=5)(variant))
    same = [a is b for a, b in zip(first.bodies, second.bodies, strict=True)]
    assert same == [number != 3 for number in range(8)]
    taller = second.bodies[3].volume - first.bodies[3].volume
    assert taller == pytest.approx(2 * 3.0 * variant.blocks[3].footprint.area)
    gf = [one.sheets[0].figures["gf"].value for one in (first, second)]
    assert gf[0] is not None and gf[1] is not None
    assert gf[1] - gf[0] == pytest.approx(2 * variant.blocks[3].footprint.area)


def test_the_made_up_quarter_asks_every_kind_of_rule(place: Place) -> None:
    """What the measurements are made on has work for them: areas that overlap, lie on houses and beyond borders; a plan that is broken."""
    site, variant, entries = place
    tall = replace(variant, blocks=tuple(replace(one, storeys=18) for one in variant.blocks))
    asked = {one.rule for one in Reckoning(site, LAW, GIVEN, entries).of(tall).findings}
    assert {"clearance-overlap", "clearance-on-building", "clearance-plot", "storeys", "gfz"} <= asked
    assert np.isfinite([one.place for one in Reckoning(site, LAW, GIVEN, entries).of(tall).findings]).all()
