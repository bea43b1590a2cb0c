"""What the settings of every analysis have in common."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict

from ..jena_city.origin import Origin


class Settings(BaseModel):
    """Settings of an analysis as they stand in a project; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
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
