"""Two people's variants made one: nothing is lost, nothing is decided that somebody has to decide."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import shapely
from hypothesis import given
from hypothesis import strategies as st

from jena_planner.jena_city import store
from jena_planner.jena_city.merging import TOGETHER, WHOLE, merge
from jena_planner.jena_city.variant import Block, FelledTree, OpenSpace, PlantedTree, Roof, Variant

BLOCK = Block("a", shapely.box(0, 0, 20, 12), 3, "Haus A", properties={"note": None, "k": 1})
OTHER = Block("b", shapely.box(40, 0, 60, 12), 2, roof=Roof("gable", 35.0))
BASE = Variant(
    "rand",
    "Rand",
    (BLOCK, OTHER),
    ("DE1",),
    open_spaces=(OpenSpace("w", "path", shapely.box(0, 30, 4, 60)),),
    planted=(PlantedTree("t", (3.0, 5.0)),),
    felled=(FelledTree((7.25, 8.5)), FelledTree((7.25, 8.5))),
)


def with_block(variant: Variant, name: str, **values: Any) -> Variant:
    return replace(variant, blocks=tuple(replace(one, **values) if one.id == name else one for one in variant.blocks))


def same(one: Variant, other: Variant) -> bool:
    """Equal but for the order of its things."""

    def sorted_(variant: Variant) -> Variant:
        by_id = {name: tuple(sorted(getattr(variant, name), key=lambda thing: thing.id)) for name in ("blocks", "open_spaces", "planted")}
        return replace(variant, **by_id, removed=tuple(sorted(variant.removed)), felled=tuple(sorted(variant.felled, key=str)))

    return store.variant_hash(sorted_(one)) == store.variant_hash(sorted_(other)) and one.name == other.name


def test_each_ones_changes_are_taken() -> None:
    mine = with_block(BASE, "a", storeys=5)
    theirs = with_block(with_block(BASE, "a", use="büro"), "b", roof=Roof("gable", 42.0))
    made = merge([mine], [theirs], [BASE])
    assert made.conflicts == ()
    [one] = made.variants
    assert (one.blocks[0].storeys, one.blocks[0].use, one.blocks[1].roof.pitch) == (5, "büro", 42.0)


def test_one_parameter_changed_by_both_is_a_conflict_and_the_choice_decides() -> None:
    mine, theirs = with_block(BASE, "a", storeys=5), with_block(BASE, "a", storeys=7)
    made = merge([mine], [theirs], [BASE])
    [conflict] = made.conflicts
    assert (conflict.thing, conflict.parameter, conflict.mine, conflict.theirs) == ("a", "storeys", 5, 7)
    assert made.variants[0].blocks[0].storeys == 5
    assert merge([mine], [theirs], [BASE], {conflict.key: "theirs"}).variants[0].blocks[0].storeys == 7


def test_both_to_the_same_is_no_conflict() -> None:
    changed = with_block(BASE, "a", storeys=5)
    assert merge([changed], [changed], [BASE]).conflicts == ()


def test_without_a_common_state_every_difference_is_a_conflict_and_all_things_are_kept() -> None:
    mine = replace(with_block(BASE, "a", storeys=5), removed=("DE2",), blocks=with_block(BASE, "a", storeys=5).blocks[:1])
    made = merge([mine], [BASE])
    assert [one.parameter for one in made.conflicts] == ["storeys"]
    assert {one.id for one in made.variants[0].blocks} == {"a", "b"}
    assert set(made.variants[0].removed) == {"DE1", "DE2"}


def test_deleted_by_one_is_deleted_unless_the_other_changed_it() -> None:
    without = replace(BASE, blocks=BASE.blocks[1:], planted=())
    assert [one.id for one in merge([without], [BASE], [BASE]).variants[0].blocks] == ["b"]
    assert merge([BASE], [without], [BASE]).variants[0].planted == ()
    changed = with_block(BASE, "a", storeys=9)
    for mine, theirs, deleting in ((without, changed, "mine"), (changed, without, "theirs")):
        made = merge([mine], [theirs], [BASE])
        [conflict] = made.conflicts
        assert conflict.parameter == WHOLE
        assert {one.id: one.storeys for one in made.variants[0].blocks} == {"a": 9, "b": 2}
        assert [one.id for one in merge([mine], [theirs], [BASE], {conflict.key: deleting}).variants[0].blocks] == ["b"]


def test_two_new_blocks_that_were_numbered_alike_are_two_blocks() -> None:
    here, there = (Block("c", shapely.box(x, 40, x + 10, 50), 2) for x in (0, 30))
    made = merge([replace(BASE, blocks=(*BASE.blocks, here))], [replace(BASE, blocks=(*BASE.blocks, there))], [BASE])
    assert made.conflicts == ()
    assert made.renamed == {"rand/block/c": "c-2"}
    assert [one.id for one in made.variants[0].blocks] == ["a", "b", "c", "c-2"]
    assert made.variants[0].blocks[3].footprint.equals(there.footprint)


def test_what_cannot_be_built_of_both_has_to_be_chosen() -> None:
    base = with_block(BASE, "a", storeys=2)
    mine, theirs = with_block(base, "a", storeys=1), with_block(base, "a", set_back=2.0)
    made = merge([mine], [theirs], [base])
    [conflict] = made.conflicts
    assert conflict.parameter == TOGETHER
    assert (made.variants[0].blocks[0].storeys, made.variants[0].blocks[0].set_back) == (1, 0.0)
    [chosen] = merge([mine], [theirs], [base], {conflict.key: "theirs"}).variants
    assert (chosen.blocks[0].storeys, chosen.blocks[0].set_back) == (2, 2.0)


def test_rounding_by_a_file_is_no_change() -> None:
    moved = with_block(BASE, "a", footprint=shapely.box(4e-5, 0, 20, 12 + 4e-5))
    theirs = with_block(BASE, "a", footprint=shapely.box(0, 0, 25, 12))
    made = merge([moved], [theirs], [BASE])
    assert made.conflicts == ()
    assert made.variants[0].blocks[0].footprint.area == 300.0


def test_whole_variants_come_and_go() -> None:
    new = replace(BASE, id="neu", name="Neu")
    assert [one.id for one in merge([BASE], [BASE, new], [BASE]).variants] == ["rand", "neu"]
    assert merge([BASE], [], [BASE]).variants == ()
    other = replace(new, blocks=())
    both = merge([BASE, new], [BASE, other], [BASE])
    assert (both.conflicts, both.renamed) == ((), {"neu": "neu-2"})
    assert both.variants == (BASE, new, replace(other, id="neu-2"))
    made = merge([with_block(BASE, "a", storeys=9)], [], [BASE])
    assert [(one.kind, one.parameter, one.usual) for one in made.conflicts] == [("variant", WHOLE, "mine")]
    assert [one.id for one in made.variants] == ["rand"]


NAMES = ("a", "b", "c", "d")
blocks = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(st.integers(1, 9), st.integers(0, 3), st.sampled_from(("wohnen", "büro")), st.booleans())
)
variants = st.builds(
    lambda made, removed, name, sizes: Variant(
        "v",
        name,
        tuple(
            Block(key, shapely.box(0, 0, 10 + sizes, 10), storeys, underground=below, use=use, properties={"p": 1} if own else {})
            for key, (storeys, below, use, own) in made.items()
        ),
        tuple(removed),
    ),
    blocks,
    st.sets(st.sampled_from(NAMES)),
    st.sampled_from(("A", "B")),
    st.integers(0, 2),
)


@given(variants, variants)
def test_a_merge_with_itself_is_itself_whatever_was_before(one: Variant, before: Variant) -> None:
    for base in (None, [before], [one]):
        made = merge([one], [one], base)
        assert made.conflicts == ()
        assert made.variants == (one,)


@given(variants, variants)
def test_who_has_changed_nothing_gets_the_others(base: Variant, other: Variant) -> None:
    for made in (merge([base], [other], [base]), merge([other], [base], [base])):
        assert made.conflicts == ()
        assert same(made.variants[0], other)


@given(variants, variants)
def test_nothing_is_lost_where_no_common_state_is_known(one: Variant, other: Variant) -> None:
    [made] = merge([one], [other]).variants
    assert {block.id for block in made.blocks} == {block.id for block in (*one.blocks, *other.blocks)}
    assert set(made.removed) == {*one.removed, *other.removed}


@given(variants, st.lists(st.sampled_from(NAMES), unique=True), st.integers(10, 19))
def test_changes_to_different_blocks_commute(base: Variant, order: list[str], storeys: int) -> None:
    mine = theirs = base
    for name in order[::2]:
        mine = with_block(mine, name, storeys=storeys)
    for name in order[1::2]:
        theirs = replace(theirs, blocks=tuple(one for one in theirs.blocks if one.id != name))
    one, other = merge([mine], [theirs], [base]), merge([theirs], [mine], [base])
    assert one.conflicts == other.conflicts == ()
    assert same(one.variants[0], other.variants[0])
    both = with_block(base, "", storeys=1)
    for name in order[::2]:
        both = with_block(both, name, storeys=storeys)
    assert same(one.variants[0], replace(both, blocks=tuple(block for block in both.blocks if block.id not in order[1::2])))


@given(variants, variants, variants)
def test_the_other_way_round_is_the_same_with_the_choices_turned(base: Variant, one: Variant, other: Variant) -> None:
    made, turned = merge([one], [other], [base]), merge([other], [one], [base])
    if made.renamed or turned.renamed:
        return
    assert {conflict.key for conflict in made.conflicts} == {conflict.key for conflict in turned.conflicts}
    for side, back in itertools.permutations(("mine", "theirs")):
        first = merge([one], [other], [base], {conflict.key: side for conflict in made.conflicts})
        second = merge([other], [one], [base], {conflict.key: back for conflict in made.conflicts})
        assert same(first.variants[0], second.variants[0])
