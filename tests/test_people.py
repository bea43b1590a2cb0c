"""People, benches and bicycles that stand in pictures for scale: as large as real ones, whole, on the ground."""

from __future__ import annotations

import numpy as np
import pytest

from jena_planner.scene import people

FORMS = {
    "standing": (people._person(0.0), 1.76),
    "walking": (people._person(0.26), 1.76),
    "bench": (people._bench(), 0.85),
    "bicycle": (people._bicycle(), 1.04),
}


@pytest.mark.parametrize("name", FORMS)
def test_they_stand_on_the_ground_and_are_as_tall_as_real_ones(name: str) -> None:
    (points, triangles), tall = FORMS[name]
    low, high = points[:, 2].min(), points[:, 2].max()
    assert low == pytest.approx(0.0, abs=0.03)
    assert high == pytest.approx(tall, abs=0.04)
    assert np.ptp(points[:, :2], axis=0).max() < 2.0
    assert triangles.min() == 0 and triangles.max() == len(points) - 1


@pytest.mark.parametrize("name", ["standing", "bicycle"])
def test_limbs_are_closed(name: str) -> None:
    """Each edge of a tube has two faces: nobody sees into an arm."""
    (_, triangles), _ = FORMS[name]
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    _, count = np.unique(edges, axis=0, return_counts=True)
    open_ends = 2 * people._SIDES if name == "standing" else 0  # of the head: in the neck, and a millimetre at its top
    assert (count == 1).sum() == open_ends and (count <= 2).all()
