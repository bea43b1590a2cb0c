"""Land cut into squares or joined to parts is the same land."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jena_planner.jena_city.memory import Memory
from jena_planner.jena_city.pieces import joined, squares

metre = st.integers(-300, 300).map(lambda value: value / 2)
boxes = st.lists(
    st.builds(lambda x, y, w, d: shapely.box(x, y, x + w, y + d), metre, metre, st.integers(1, 90), st.integers(1, 90)), max_size=9
)


@settings(max_examples=100, deadline=None)
@given(shapes=boxes)
def test_parts_cover_the_same_ground_once(shapes: list[shapely.Polygon]) -> None:
    whole = shapely.union_all(shapes)
    for parts in (joined(shapes, Memory()), squares(whole)):
        assert sum(part.area for part in parts) == pytest.approx(whole.area, abs=1e-6)
        assert shapely.union_all(parts).symmetric_difference(whole).area == pytest.approx(0.0, abs=1e-6)
    assert all(one.geom_type == "Polygon" for one in squares(whole))
    parts = joined(shapes, Memory())
    assert not any(one.intersects(other) for k, one in enumerate(parts) for other in parts[k + 1 :])


def test_what_a_round_did_not_ask_for_is_forgotten_unless_it_failed() -> None:
    memory, asked = Memory(), []

    def ask(*names: str) -> None:
        with memory.round():
            for name in names:
                memory.of((name,), lambda name=name: asked.append(name))
            if "fault" in names:
                raise ValueError("fault")

    ask("a", "b")
    ask("a", "b")
    assert asked == ["a", "b"]
    with pytest.raises(ValueError, match="fault"):
        ask("fault")
    ask("a")
    assert asked == ["a", "b", "fault"]
    ask("b")
    assert asked == ["a", "b", "fault", "b"]
