"""What a project says of its publishing for citizens: `[participation]` of project.toml. Nothing of it is compulsory before."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from .viewing import Place

Language = Literal["de", "plain", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "plain", "en")
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]


def _of_the_web(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError("addresses begin with https:// or http://")
    return url


Address = Annotated[str, AfterValidator(_of_the_web)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(_Section):
    """A text in German, in plain German and in English; one that is missing falls back to German. A string alone is German."""

    de: str = ""
    plain: str = ""
    """One thought in each sentence, words that everybody knows."""
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _of_a_string(cls, given: Any) -> Any:
        return {"de": given} if isinstance(given, str) else given

    def __bool__(self) -> bool:
        return bool(self.de.strip())

    def told(self) -> dict[str, str]:
        """Those there are, by language."""
        return {language: words for language in LANGUAGES if (words := getattr(self, language).strip())}


class Procedure(_Section):
    """What people must know before they say anything."""

    kind: Literal["", "informal", "early", "formal"] = ""
    """informal; early: § 3 (1) BauGB; formal: § 3 (2) BauGB"""
    starts: dt.date | None = None
    ends: dt.date | None = None
    """the last day"""
    open: Words = Words()
    """what can still be changed"""
    fixed: Words = Words()
    """what is decided already, and why"""
    decides: Words = Words()
    """who decides when"""
    contributions: Words = Words()
    """what happens with contributions"""
    note: Words = Words()
    portal: Address = ""
    """where statements in the sense of the BauGB are handed in"""

    @model_validator(mode="after")
    def _ends_later(self) -> Procedure:
        if self.starts is not None and self.ends is not None and self.ends < self.starts:
            raise ValueError("it ends before it starts")
        return self


class PlainChecked(_Section):
    """Who of its readers has checked the plain German, and when (DIN SPEC 33429): only then is it called Leichte Sprache."""

    by: str = Field(min_length=1)
    on: dt.date


class Contact(_Section):
    """Who is responsible for the page: fills the gaps of imprint, privacy and accessibility texts."""

    name: str = ""
    """of the office, with its city"""
    address: str = ""
    email: str = ""
    phone: str = ""
    represented_by: str = ""
    data_protection_officer: str = ""
    """name or office, and how to reach it"""
    supervisory_authority: str = ""
    """for data protection"""
    enforcement_body: str = ""
    """for accessibility (Durchsetzungsstelle)"""
    hosting: str = ""
    """who runs the web server, where"""
    retention: str = ""
    """how long contributions are kept: "zwei Jahre nach dem Beschluss" """
    legal_basis: str = ""
    """for processing contributions"""


class Statements(_Section):
    """Texts in the place of our templates."""

    imprint: Words = Words()
    privacy: Words = Words()
    accessibility: Words = Words()
    netiquette: Words = Words()


class ParticipationViewpoint(_Section):
    """A place from which every variant is pictured, in the same light and size."""

    id: Id
    name: Words
    camera: str
    """name of one of the project's cameras"""
    date: dt.date = dt.date(2025, 9, 23)
    time: Clock = "13:00"
    preset: str = ""
    """"": eye for a camera that looks level, else still"""
    width: int = Field(default=1280, ge=64, le=4096)
    height: int = Field(default=720, ge=36, le=4096)
    samples: int | None = Field(default=None, ge=1)


class Retold(_Section):
    """A variant in other languages; its German stands in its own file."""

    id: str
    name: Words = Words()
    description: Words = Words()


class Labelled(_Section):
    id: Annotated[str, StringConstraints(pattern=r"^[a-zäöüß0-9][a-zäöüß0-9_-]{0,59}$")]
    label: Words


class Criterion(Labelled):
    question: Words = Words()


class NamedPlace(Labelled):
    at: Place
    """in the project's CRS"""


class Builder(_Section):
    """What citizens may build themselves."""

    area: str
    """name of a building plot or plan area"""
    max_height: float | None = Field(default=None, gt=0, le=300)
    """metres above the ground"""
    uses: list[Labelled] = Field(min_length=1)
    """ids as in `planned.FUNCTIONS`"""
    storey_height: float = Field(default=3.0, ge=2.2, le=8)
    ground_floor_height: float = Field(default=3.5, ge=2.2, le=8)
    max_storeys: int = Field(default=8, ge=1, le=60)


class Participation(_Section):
    """What of a project is published, and what is said with it; see docs/participation.md."""

    id: Id | Literal[""] = ""
    """of the publication, for ever; "": made of the project's name"""
    title: Words = Words()
    summary: Words = Words()
    question: Words = Words()
    """the one that is asked first"""
    accent: Colour = "#0072B2"
    url: Address = ""
    """where the folder will be found: for the QR code, the poster and other systems"""
    server: Address = ""
    """that takes contributions; "": they go into a file, a link or a QR code"""
    variants: list[str] | None = None
    """ids; None: all that are public"""
    analyses: list[str] | None = None
    """names of analyses whose results are shown; None: all"""
    pictures: list[str] = []
    """names of further pictures of the project"""
    films: list[str] = []
    """names of films of the project"""
    radius: float = Field(default=400.0, ge=20, le=5000)
    """metres around the plan areas that are published"""
    undulation: float | None = Field(default=None, ge=-110, le=90)
    """metres from the ellipsoid up to the zero of heights; None: as the profile says"""
    kiosk_seconds: int = Field(default=90, ge=10, le=3600)
    plain_checked: PlainChecked | None = None
    procedure: Procedure = Procedure()
    contact: Contact = Contact()
    texts: Statements = Statements()
    viewpoints: list[ParticipationViewpoint] = []
    retold: list[Retold] = []
    """names and descriptions of variants in other languages"""
    categories: list[Labelled] = []
    criteria: list[Criterion] = []
    places: list[NamedPlace] = []
    builder: Builder | None = None
    """what citizens may build; None: nothing"""
