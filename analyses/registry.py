"""Every analysis, named once: for panel, project file, command line, report and page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..jena_city.result import Result
from .horizon_map import Horizon, run_horizon
from .noise.facades import write_tables
from .noise.rail_noise import RailNoise, run_rail_noise
from .noise.receivers import NoiseReceivers, run_noise_receivers
from .noise.road_noise import RoadNoise, run_road_noise
from .noise.section import NoiseSection, run_noise_section
from .settings import Settings
from .sight_lines import SightLines, run_sight_lines
from .sky_daylight import Daylight, SkyView, run_daylight, run_sky_view
from .skyline import Skyline, run_skyline, write_panoramas
from .solar import Solar, run_solar, write_sums
from .sun_hours import Shadow, SunHours, run_shadow, run_sun_hours
from .sun_rules import SunRules, run_sun_rules
from .sun_takers import SunTakers, run_sun_takers, write_list
from .sun_times import ShadowFrequency, SunStudy, SunTimes, run_shadow_frequency, run_sun_study, run_sun_times
from .surroundings import Surroundings, run_surroundings, write_more
from .view_out import ViewOut, run_view_out
from .views import Viewshed, VisibilityOf, run_viewshed, run_visibility_of


@dataclass(frozen=True)
class Analysis:
    """name : in project files. label : English, for panels, where it is translated. title : German, for reports.

    settings : checks a project's keys; its `stem` names the files of the
    results. run(planned: Obstacles, settings, *, base: Obstacles | None, progress) -> list[Result], whose names say what of it they
    are (ground, faces …). more(planned, settings, base: Path, *, town_before: Obstacles | None) -> list[Path] writes what is beside them,
    tables and maps of its own; base : path of the files without ending; town_before : what the variant is compared with."""

    name: str
    label: str
    title: str
    description: str
    settings: type[Settings]
    run: Callable[..., list[Result]]
    more: Callable[..., list[Path]] | None = None


_ALL = (
    Analysis(
        "sun_hours",
        "Hours of sun",
        "Besonnungsdauer",
        "Hours of direct sun on a day, on the ground, façades and roofs",
        SunHours,
        run_sun_hours,
    ),
    Analysis("shadow", "Shadow", "Schatten", "Sun or shadow at a moment, on the ground, façades and roofs", Shadow, run_shadow),
    Analysis(
        "sun_study",
        "Sun study of several days",
        "Verschattungsstudie",
        "Hours of sun on each of the days that such studies show",
        SunStudy,
        run_sun_study,
    ),
    Analysis(
        "shadow_frequency",
        "Shadow frequency",
        "Verschattungshäufigkeit",
        "Share of the time with sun above the horizon that a place lies in shadow, of a day or a season",
        ShadowFrequency,
        run_shadow_frequency,
    ),
    Analysis(
        "sun_times",
        "First and last sun",
        "Erste und letzte Sonne",
        "When the first sun of a day comes and when the last goes",
        SunTimes,
        run_sun_times,
    ),
    Analysis(
        "sun_takers",
        "Who takes the sun",
        "Wer die Sonne nimmt",
        "Which building takes the sun from which façade, and how long, as a list beside the hours of sun",
        SunTakers,
        run_sun_takers,
        write_list,
    ),
    Analysis(
        "sun_rules",
        "Sun in rooms (DIN)",
        "Besonnung nach DIN",
        "Hours of sun at windows as DIN EN 17037 and DIN 5034-1 count them",
        SunRules,
        run_sun_rules,
    ),
    Analysis(
        "solar_irradiation",
        "Solar irradiation",
        "Solare Einstrahlung",
        "Energy of the sun in a year, on the ground, façades and roofs; which roofs suit for solar power",
        Solar,
        run_solar,
        write_sums,
    ),
    Analysis(
        "sky_view",
        "Sky view",
        "Sichtbarer Himmel",
        "Share of the sky that is seen, on the ground, façades and roofs",
        SkyView,
        run_sky_view,
    ),
    Analysis(
        "daylight_bre",
        "Daylight (BRE 209)",
        "Tageslicht nach BRE 209",
        "Vertical sky component and annual probable sunlight hours of façades, and where less will be noticed",
        Daylight,
        run_daylight,
    ),
    Analysis(
        "surroundings",
        "Neighbours (§ 34)",
        "Umgebung nach § 34 BauGB",
        "Height, storeys, ground covered and density of the neighbours, as ranked list and map",
        Surroundings,
        run_surroundings,
        write_more,
    ),
    Analysis(
        "sight_lines",
        "Sight lines and axes",
        "Sichtlinien und Sichtachsen",
        "Whether landmarks are seen from viewpoints, what hides them, and what stands in protected axes",
        SightLines,
        run_sight_lines,
    ),
    Analysis(
        "viewshed",
        "Viewshed",
        "Sichtbarkeit von Standpunkten",
        "What is seen from viewpoints, paths and areas, on the ground, façades and roofs",
        Viewshed,
        run_viewshed,
    ),
    Analysis(
        "visibility_of",
        "Visibility of landmarks and blocks",
        "Sichtbarkeit von Zielen und Baukörpern",
        "From where landmarks or the blocks of the variant are seen, and how much of them, before and after",
        VisibilityOf,
        run_visibility_of,
    ),
    Analysis(
        "skyline",
        "Panorama and sky line",
        "Panorama und Horizontlinie",
        "Pictures all around from viewpoints, before and after, with the sky line and what is seen as tables",
        Skyline,
        run_skyline,
        write_panoramas,
    ),
    Analysis(
        "horizon",
        "Open sky",
        "Himmelsfaktor und Horizont",
        "Sky view factor and elevation of the horizon on the ground, with far hills",
        Horizon,
        run_horizon,
    ),
    Analysis(
        "view_out",
        "View out of windows",
        "Aussicht aus Fenstern",
        "Distance, angle and layers of the view out on façades, after EN 17037",
        ViewOut,
        run_view_out,
    ),
    Analysis(
        "road_noise",
        "Road noise",
        "Straßenlärm",
        "Noise of roads on the ground and at façades: rating levels by day and night (RLS-19), or L_den and L_night (CNOSSOS-EU)",
        RoadNoise,
        run_road_noise,
        write_tables,
    ),
    Analysis(
        "rail_noise",
        "Rail noise",
        "Schienenlärm",
        "Noise of trams and trains on the ground and at façades: rating levels by day and night (Schall 03), with roads too",
        RailNoise,
        run_rail_noise,
        write_tables,
    ),
    Analysis(
        "noise_section",
        "Noise in sections",
        "Lärm im Schnitt",
        "Levels of roads or rails on an upright surface along each of the project's axes, from the ground to above the roofs",
        NoiseSection,
        run_noise_section,
    ),
    Analysis(
        "noise_receivers",
        "Noise at places",
        "Lärm an Immissionsorten",
        "Levels of roads or rails at the project's viewpoints, and which street or track brings how much of it",
        NoiseReceivers,
        run_noise_receivers,
    ),
)
REGISTRY: dict[str, Analysis] = {analysis.name: analysis for analysis in _ALL}
