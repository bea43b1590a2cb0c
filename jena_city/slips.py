"""What a check by pydantic found in a file or form, as a sentence that says where and what is allowed there."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from .problems import InputProblem


def explained(error: ValidationError, where: object, model: type[BaseModel]) -> InputProblem:
    """The first thing a check found, as a sentence with the key and what is allowed there."""
    first, *more = error.errors()
    keys = ".".join(str(key + 1) if isinstance(key, int) else key for key in first["loc"])
    rest = f" (and {len(more)} more)" if more else ""
    if first["type"] == "extra_forbidden":
        allowed = ", ".join(_keys_at(model, first["loc"][:-1]))
        return InputProblem(where, f"unknown key {keys}{rest}", f"Allowed here: {allowed}")
    if first["type"] == "missing":
        return InputProblem(where, f"the key {keys} is missing{rest}", "Add it")
    given = json.dumps(first["input"], default=str, ensure_ascii=False)
    allowed = first["msg"].removeprefix("Value error, ")
    return InputProblem(where, f"{keys} = {given} is not allowed{rest}", allowed[0].upper() + allowed[1:])


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for key in location:
        if isinstance(key, int):
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if key not in fields:
            break
        model = next((kind for kind in _models_in(fields[key].annotation)), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
