"""What the settings of every analysis have in common."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Settings of an analysis as they stand in a project; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    time_zone: str = "Europe/Berlin"

    @property
    def stem(self) -> str:
        """Name of the results' files, where the project gives none."""
        raise NotImplementedError
