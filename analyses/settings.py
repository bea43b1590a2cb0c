"""What the settings of every analysis have in common."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict

from ..jena_city.origin import Origin


class Settings(BaseModel):
    """Settings of an analysis as they stand in a project; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid")
    from_project: ClassVar[tuple[str, ...]] = ("time_zone",)
    """Those that the project supplies to all of its analyses."""
    time_zone: str = "Europe/Berlin"

    @property
    def stem(self) -> str:
        """Name of the results' files, where the project gives none."""
        raise NotImplementedError

    def located(self, folder: Path, origin: Origin) -> Self:
        """With what other files of the project say. folder : of the project. Raises InputProblem."""
        del folder, origin
        return self


@cache
def meanings(model: type[Settings]) -> dict[str, str]:
    """What is said below the keys of a model, by key. Read out of its source, as pydantic would for each start of the program
    (`use_attribute_docstrings`): only panels ask for it."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, Settings):
            [body] = ast.parse(dedent(inspect.getsource(one))).body
            assert isinstance(body, ast.ClassDef)
            for key, below in pairwise(body.body):
                match key, below:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                        found[name] = inspect.cleandoc(words)
    return found
