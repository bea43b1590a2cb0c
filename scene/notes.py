"""What the program keeps on Blender's own data: one JSON text under one plain key, with a schema version.

A plain key is seen by every process; properties of registered classes are not (from Blender 5.0 on, where they are not registered).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..jena_city.problems import InputProblem

KEY = "jena_planner"
SCHEMA = 1
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""schema -> function that turns a note of that schema into one of the next."""


def text_of(thing: Any) -> str | None:
    """The note on a data-block as it is written; None when it bears none."""
    text = thing.get(KEY)
    return text if isinstance(text, str) else None


def get(thing: Any) -> dict[str, Any] | None:
    """The note on a data-block (object, collection, scene), migrated; None when it bears none.

    Raises InputProblem for one that a newer program wrote or that is damaged. What is returned must not be changed: see `put`.
    """
    text = text_of(thing)
    if text is None:
        return None
    try:
        return parsed(text)
    except (ValueError, TypeError, KeyError) as error:
        raise InputProblem(
            f'"{thing.name}"', "what Jena Planner wrote on it is damaged", "Undo, or open an older copy of the file"
        ) from error


@lru_cache(maxsize=8192)
def parsed(text: str) -> dict[str, Any]:
    """The note in a text that `get` has read before; it must not be changed."""
    note = json.loads(text)
    if not isinstance(note, dict) or not isinstance(note.get("schema"), int):
        raise ValueError("no note")
    if note["schema"] > SCHEMA:
        what = f"the file was written by a newer Jena Planner (schema {note['schema']}, known up to {SCHEMA})"
        raise InputProblem("This .blend", what, "Update Jena Planner before you change anything; nothing is lost")
    while note["schema"] < SCHEMA:
        note = {**MIGRATIONS[note["schema"]](note), "schema": note["schema"] + 1}
    return note


def put(thing: Any, **content: Any) -> None:
    """Write or change entries of the note on a data-block; nothing is written when nothing changes."""
    before = get(thing) or {}
    after = {**before, **content, "schema": SCHEMA}
    if after != before or thing.get(KEY) is None:
        thing[KEY] = json.dumps(after, ensure_ascii=False, sort_keys=True)
