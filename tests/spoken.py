"""Every sentence the program can make at run time, read from its source as templates with {} for each value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .conftest import ROOT

FILES = (
    "publishing.py",
    *(
        f"{room}/**/*.py"
        for room in ("pipeline", "jena_city", "analyses", "participation", "scene", "render_presets", "sheets", "operators")
    ),
)
PROGRESS = ("progress", "part", "report")
RETURNING = ("doubt", "_guess", "sentence_of")  # functions that make a sentence or a part of one


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


class Spoken:
    """What one function says. templates : (template, where). unresolved : places whose words are not in the same function."""

    def __init__(self, path: Path, function: ast.AST) -> None:
        self.path = path.relative_to(ROOT).as_posix()
        self.named: dict[str, list[ast.expr]] = {}
        self.templates: set[str] = set()
        self.unresolved: set[str] = set()
        for node in _own(function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._assigned(node.targets[0], node.value)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self._assigned(node.target, node.value)
            elif isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.iter, (ast.Tuple, ast.List)):
                for one in node.iter.elts:
                    self._assigned(node.target, one)
        returned = getattr(function, "name", "") in RETURNING
        for node in _own(function):
            for expression in (node.value,) if returned and isinstance(node, ast.Return) and node.value is not None else _said(node):
                found = self.words(expression)
                if found is None:
                    self.unresolved.add(f"{self.path}: {ast.unparse(expression)}")
                else:
                    self.templates |= set(found)

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, its in zip(target.elts, value.elts, strict=True):
                self._assigned(one, its)
        elif isinstance(target, ast.Name):
            self.named.setdefault(target.id, []).append(value)

    def words(self, node: ast.expr, seen: tuple[str, ...] = ()) -> list[str] | None:
        """The templates an expression can become; None when they are not to be seen here."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else None
        if isinstance(node, ast.IfExp):
            return _all([self.words(node.body, seen), self.words(node.orelse, seen)])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return _joined([self.words(node.left, seen), self.words(node.right, seen)])
        if isinstance(node, ast.JoinedStr):
            return _joined([self._value(one, seen) for one in node.values])
        if isinstance(node, ast.BoolOp):
            return [word for value in node.values for word in self.words(value, seen) or []] or None
        if isinstance(node, ast.Name) and node.id in self.named and node.id not in seen:
            return _all([self.words(one, (*seen, node.id)) for one in self.named[node.id]])
        return None

    def _value(self, node: ast.expr, seen: tuple[str, ...]) -> list[str]:
        inner = node.value if isinstance(node, ast.FormattedValue) and node.conversion == -1 else node
        found = self.words(inner, seen)
        return found if found is not None else ["{}"]


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it; of a module all that is in no function."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
            yield from _own(node)


def _all(parts: list[list[str] | None]) -> list[str] | None:
    return None if any(part is None for part in parts) else [word for part in parts for word in part or []]


def _joined(parts: list[list[str] | None]) -> list[str] | None:
    made = [""]
    for part in parts:
        if part is None:
            return None
        made = [before + word for before in made for word in part]
    return made


def _said(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions in a node that are sentences for people."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) and name_of(node.targets[0].value) == "notice":
        yield from node.value.elts if isinstance(node.value, ast.List) else ()
    if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "SENTENCES" and isinstance(node.value, ast.Dict):
        yield from node.value.values
    if not isinstance(node, ast.Call):
        return
    name, given = name_of(node.func), node.args
    if name in ("InputProblem", "UnreadableTerrain") and len(given) == 3:
        if isinstance(given[0], (ast.Constant, ast.JoinedStr)):
            yield given[0]
        yield from given[1:]
    elif (name == "Problem" or (name == "add" and "report" in ast.unparse(node.func))) and len(given) == 4:
        yield given[3]
    elif name in ("State", *PROGRESS) and len(given) == 2:
        yield given[1]
    elif name == "cancel_all" and given:
        yield given[0]
    elif name == "_all_different":
        yield from given[2:]
    elif name == "say":
        yield from (word.value for word in node.keywords if word.arg == "what")


def collected() -> tuple[set[str], set[str]]:
    """(templates, places that cannot be resolved) of the whole program."""
    templates: set[str] = set()
    unresolved: set[str] = set()
    for pattern in FILES:
        for path in sorted(ROOT.glob(pattern)):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in (tree, *(node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))):
                spoken = Spoken(path, function)
                templates |= spoken.templates
                unresolved |= spoken.unresolved
    whole = {re.sub(r"\{\w+\}", "{}", one) for one in templates if one != "{}"}
    return {one for one in whole if any(letter.isalpha() for letter in one)}, unresolved
