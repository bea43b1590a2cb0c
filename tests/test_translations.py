"""Every word of the interface has its German one, and no German word is left over from an interface that was."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from .conftest import ROOT

pytestmark = pytest.mark.needs("bpy")

SAME = {
    *("A0", "A1", "A2", "A3", "A4", "Film", "Geländeschnitt", "Gestaltungsplan", "Schwarzplan"),
    "Abstandsflächen",
    "Bezugspunkt",
    "Nebenanlage",
    "BMZ",
    "BauNVO",
    "Baugebiet",
    "GFZ",
    "GRZ",
    "Vollgeschosse",
    *("GE", "GI", "MD", "MDW", "MI", "MK", "MU", "SO", "WA", "WB", "WR", "WS"),
    "Jena Planner",
    "LoD1",
    "LoD2",
    "LoD3",
    "Name",
    "Status",
    "Details",
    "Threads",
    "Deutsch",
    "gml:id",
    "CityGML 2.0",
    "CityGML 3.0",
    "CityJSON 2.0",
    "DXF (2013)",
    "OpenStreetMap",
}
"""Words that are the same in German: they need no entry."""
WORKING = ("pipeline", "analyses", "jena_city", "scene", "operators")  # rooms whose code speaks while a job runs


@pytest.fixture(scope="module")
def extension() -> Iterator[Any]:
    """The extension in Blender."""
    import jena_planner

    jena_planner.register()
    yield jena_planner
    jena_planner.unregister()


def constants(node: ast.AST | None) -> Iterator[str]:
    """The string an expression is, or either of those that it chooses from."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


FIRST = ("translated", "pgettext", "pgettext_iface", "pgettext_tip", "pgettext_rpt", "Job", "cancel_all", "said")
SECOND = ("progress", "part", "report")


def in_code(room: str, code: ast.AST) -> Iterator[str]:
    """What the code of a file says to a person."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            name, given, named = name_of(node.func), node.args, {word.arg: word.value for word in node.keywords}
            if name in FIRST and given:
                yield from constants(given[0])
            if name in SECOND and len(given) > 1:
                yield from constants(given[1])
            if name == "Glance":
                yield from constants(named.get("why"))
            if name == "say":
                yield from constants(named.get("what"))
            if room == "operators":
                yield from constants(named.get("text"))
                yield from constants(named.get("confirm_text"))
                if name == "open" and len(given) > 1 and isinstance(node.func, ast.Attribute) and name_of(node.func.value) == "self":
                    yield from constants(given[1])  # the title of a job
        elif room == "operators" and isinstance(node, ast.Assign):
            target = node.targets[0]
            if name_of(target) == "KINDS" and isinstance(node.value, ast.Dict):
                for one in node.value.values:
                    yield from constants(one)
            if isinstance(target, ast.Attribute) and target.attr == "what":
                yield from constants(node.value)
            if isinstance(target, ast.Subscript) and name_of(target.value) == "notice" and isinstance(node.value, ast.List):
                for one in node.value.elts:
                    yield from constants(one)
        elif isinstance(node, ast.FunctionDef) and node.name == "sentence_of":
            for one in ast.walk(node):
                yield from constants(one.value if isinstance(one, ast.Return) else None)
        elif isinstance(node, ast.FunctionDef) and node.name in (
            "of_building",
            "of_surroundings",
        ):  # what the data say: (word, value) or (word, values, codes)
            for one in ast.walk(node):
                if isinstance(one, ast.Tuple) and len(one.elts) in (2, 3):
                    yield from constants(one.elts[0])


def in_properties(properties: Any) -> Iterator[str]:
    """Names, descriptions and choices of properties as Blender knows them."""
    for one in properties:
        if one.identifier in ("rna_type", "name", "bl_idname") or one.is_hidden:
            continue
        yield from (one.name, one.description)
        if one.type == "ENUM":
            for item in one.enum_items_static:
                yield from (item.name, item.description)


def in_blender() -> Iterator[str]:
    """What Blender shows of the classes that were registered."""
    import bpy

    from jena_planner.analyses.registry import REGISTRY
    from jena_planner.scene import properties

    for path in sorted((ROOT / "operators").iterdir()):
        if path.stem in ("__init__", "__pycache__", "overlay"):  # the overlay draws, and needs a screen
            continue
        room = importlib.import_module(f"jena_planner.operators.{path.stem}")
        for one in getattr(room, "CLASSES", ()):
            if issubclass(one, bpy.types.Operator):
                group, name = one.bl_idname.split(".")
                known = getattr(getattr(bpy.ops, group), name).get_rna_type()
                yield from (known.name, known.description)
                yield from in_properties(known.properties)
            elif issubclass(one, (bpy.types.AddonPreferences, bpy.types.PropertyGroup)):
                yield from in_properties(one.bl_rna.properties)
            elif not issubclass(one, bpy.types.UIList):  # a list says nothing of itself
                yield from (one.bl_label, getattr(one, "bl_category", ""), getattr(one, "bl_description", ""))
    groups = [type(getattr(bpy.data.scenes[0], f"jena_{name}")) for name in REGISTRY]
    for group in (properties.JenaBlock, properties.JenaVariant, properties.JenaScene, *groups):
        yield from in_properties(group.bl_rna.properties)
    for _identifier, name, description, *_ in properties._preset_items(
        None, None
    ):  # given by a function: Blender does not know them beforehand
        yield from (name, description)


def properties_uses() -> Iterator[str]:
    """Uses of a block: a function gives them to Blender, which does not know them beforehand."""
    from jena_planner.scene import properties

    yield from properties.USES.values()


@pytest.fixture(scope="module")
def said(extension: Any) -> set[str]:
    """All English words that a person may see."""
    words = set(in_blender())
    for room in WORKING:
        for path in (ROOT / room).rglob("*.py"):
            words |= set(in_code(room, ast.parse(path.read_text(encoding="utf-8"))))
    words |= set(properties_uses())
    return {word for word in words if any(letter.isalpha() for letter in word)}


def test_every_word_has_its_german_one(said: set[str]) -> None:
    from jena_planner.operators.translations import GERMAN

    assert sorted(said - set(GERMAN) - SAME) == []


def test_no_german_word_is_left_over(said: set[str]) -> None:
    from jena_planner.operators.translations import GERMAN

    assert sorted(set(GERMAN) - said) == []
    assert not SAME & set(GERMAN)
    assert said >= SAME


def test_places_to_fill_in_are_kept(extension: Any) -> None:
    from jena_planner.operators.translations import GERMAN

    for english, german in GERMAN.items():
        assert german.strip(), english
        assert english.count("{}") == german.count("{}"), english
        assert english.endswith(".") == german.endswith("."), english


def registered(monkeypatch: pytest.MonkeyPatch, chosen: str | None) -> dict[str, Any]:
    """What Blender is handed with a choice in the preferences; None where there are no preferences."""
    from jena_planner.operators import preferences, translations

    handed: dict[str, Any] = {}
    known = SimpleNamespace(locales=("en_US", "de_DE", "fr_FR"), locale="en_US", unregister=lambda _name: handed.clear())
    known.register = lambda _name, words: handed.update(words)
    view = SimpleNamespace(use_translate_interface=False, use_translate_tooltips=True, use_translate_reports=False)
    blender = SimpleNamespace(app=SimpleNamespace(translations=known), context=SimpleNamespace(preferences=SimpleNamespace(view=view)))
    monkeypatch.setattr(translations, "bpy", blender)
    monkeypatch.setattr(preferences, "get", lambda: None if chosen is None else SimpleNamespace(language=chosen))
    translations.apply()
    found = {"switches": dict(vars(view)), **handed}
    translations.take_back()
    assert not handed
    assert vars(view) == {"use_translate_interface": False, "use_translate_tooltips": True, "use_translate_reports": False}
    return found


def test_blender_is_handed_what_the_preferences_ask_for(extension: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen in (None, "AUTO"):
        as_blender = registered(monkeypatch, chosen)
        assert set(as_blender) == {"switches", "de"} and not as_blender["switches"]["use_translate_interface"]
        assert as_blender["de"]["*", "Storeys"] == as_blender["de"]["Operator", "Storeys"] == "Geschosse"
    german = registered(monkeypatch, "de")
    assert set(german) == {"switches", "de", "de_DE", "en_US", "fr_FR"} and all(german["switches"].values())
    assert set(registered(monkeypatch, "en")) == {"switches"}


def test_blender_says_it_in_german(extension: Any) -> None:
    import bpy

    if not bpy.app.build_options.international:
        pytest.skip("this Blender was built without translations (as the bpy of PyPI is)")
    known, view = bpy.app.translations, bpy.context.preferences.view
    before = view.language
    view.language = next(name for name in known.locales if name.startswith("de"))
    try:
        assert known.pgettext_iface("Storeys") == "Geschosse"
        assert known.pgettext_iface("Save Project", "Operator") == "Projekt speichern"
        assert known.pgettext_tip("Show this variant and hide the others") == "Diese Variante zeigen und die anderen ausblenden"
    finally:
        view.language = before
