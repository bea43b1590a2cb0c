"""Plans seen from above, north up: Schwarzplan, Gestaltungsplan, plans of storeys, heights, uses and open spaces, and of what is fixed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..jena_city.applied import Applied
from ..jena_city.assumptions import STOREY
from ..jena_city.lettering import THIN_SPACE, number
from ..jena_city.palette import lightened
from .bodies import Body, bodies, roofs
from .drawing import BOLD, FINE, INK, MEDIUM, QUIET, Drawing, Group, Style, transformed
from .paper import NORMAL, SMALL, Swatch

Window = tuple[float, float, float, float]
LAND = {
    "water": "#c9dde6",
    "green": "#e4ecd6",
    "forest": "#d5e2c5",
    "farmland": "#f0efdc",
    "traffic": "#efeeec",
    "street": "#efeeec",
    "built": "#f7f5f1",
}
SPACES = {
    "street": ("#e3e1de", "Straße"),
    "path": ("#efe7d8", "Weg"),
    "parking": ("#d6d3ce", "Stellplätze"),
    "terrace": ("#ead9c5", "Terrasse"),
    "green": ("#cfe0b4", "Grünfläche"),
    "play": ("#f2d9a2", "Spielfläche"),
    "water": ("#b4d3e0", "Wasserfläche"),
}
STOREYS = (
    (1, "#fbe9c6", "I"),
    (2, "#f7cf94", "II"),
    (3, "#efa96b", "III"),
    (4, "#dd7f52", "IV"),
    (5, "#bf5a45", "V"),
    (6, "#96403f", "VI"),
    (8, "#6b2c38", "VII–VIII"),
    (99, "#401d2f", "IX und mehr"),
)
USES = {
    "wohnen": ("#e8a09a", "Wohnen"),
    "mischnutzung": ("#c9925a", "Mischnutzung"),
    "büro": ("#9db4d0", "Büro, Verwaltung"),
    "einzelhandel": ("#e6c15a", "Handel, Gastronomie"),
    "gewerbe": ("#a9a6b4", "Gewerbe, Lager"),
    "öffentlich": ("#8fbfa3", "Öffentliche Einrichtung"),
    "neben": ("#dcdad6", "Nebengebäude, Garagen"),
    "": ("#f2f1ef", "Nutzung nicht in den Daten"),
}
EXISTING, EXISTING_LINE, CROWN, CROWN_NEW = "#dedbd6", "#8c8984", "#a9bd8f", "#7fa65a"
SHADOW, SHADOW_AZIMUTH, SHADOW_LENGTH = (
    "#5a6470",
    315.0,
    0.9,
)  # towards which, and metres for each metre of height: for the eye, no analysis
SCOPE = Style(line=INK, width=0.7, dash=(4.0, 1.5, 1.0, 1.5))
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Place:
    """Where scene metres come to lie on the paper. scale : denominator; window : scene coordinates; field : mm."""

    window: Window
    field: tuple[float, float, float, float]
    scale: int

    @property
    def factor(self) -> float:
        """mm of paper for each metre."""
        return 1000.0 / self.scale

    def __call__(self, shape: Any) -> Any:
        """Shapes in mm."""
        return transformed(shape, (self.factor, 0, 0, self.factor, self._x, self._y))

    def points(self, xy: Any) -> Any:
        """(n, 2) mm."""
        return np.asarray(xy, float)[:, :2] * self.factor + [self._x, self._y]

    @property
    def _x(self) -> float:
        return (self.field[0] + self.field[2]) / 2 - (self.window[0] + self.window[2]) / 2 * self.factor

    @property
    def _y(self) -> float:
        return (self.field[1] + self.field[3]) / 2 - (self.window[1] + self.window[3]) / 2 * self.factor


@dataclass(frozen=True)
class Content:
    """What a plan is drawn of, made once: the site, the bodies in sight, and where they go."""

    applied: Applied
    place: Place
    bodies: list[Body]

    @classmethod
    def of(cls, applied: Applied, place: Place) -> Content:
        return cls(applied, place, bodies(applied, place.window))

    @property
    def colour(self) -> str:
        return self.applied.variant.colour


Legend = list[tuple[Swatch, str]]


def swatch(style: Style) -> Swatch:
    """A filled field of a legend."""
    return lambda group, x0, y0, x1, y1: group.box(x0, y0, x1, y1, style)


def stroke(style: Style) -> Swatch:
    """A line of a legend."""
    return lambda group, x0, y0, x1, y1: group.line([(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2)], style)


def dot(style: Style) -> Swatch:
    """A circle of a legend."""
    return lambda group, x0, y0, x1, y1: group.circle((x0 + x1) / 2, (y0 + y1) / 2, (y1 - y0) / 2, style)


def roman(storeys: int) -> str:
    """A number of storeys as plans write it."""
    found = ""
    for value, letters in _ROMAN:
        while storeys >= value:
            found, storeys = found + letters, storeys - value
    return found


def schwarzplan(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Buildings black, all else white; the proposal in its colour."""
    figure = _figure(page, content, "Schwarzplan: alle Gebäude als schwarze Flächen, das Vorhaben farbig.")
    for body in content.bodies:
        figure.area(content.place(body.shape), Style(fill=content.colour if body.is_block else "#111111"))
    _water(figure, content)
    outline_plan_areas(figure, content)
    legend: Legend = [(swatch(Style(fill="#111111")), "Gebäude im Bestand")]
    return _with_proposal(legend, content, Style(fill=content.colour)) + plan_legend(content.applied), []


def design(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Gestaltungsplan: land, streets, trees, roofs and shadows, the proposal with storeys."""
    figure = _figure(
        page, content, "Gestaltungsplan: Gebäude mit Dächern, Straßen, Freiflächen, Bäume; das Vorhaben farbig mit Geschosszahl."
    )
    legend = ground(figure, content)
    legend += _spaces(figure, content)
    shadows = shapely.union_all(np.array([_shadow(body) for body in content.bodies], object), grid_size=1e-3)
    figure.area(content.place(shadows), Style(fill=SHADOW, opacity=0.3))
    light = lightened(content.colour, 0.45)
    for body in content.bodies:
        style = (
            Style(fill=light, line=content.colour, width=MEDIUM) if body.is_block else Style(fill=EXISTING, line=EXISTING_LINE, width=FINE)
        )
        figure.area(content.place(body.shape), style)
        for ring in roofs(content.applied, body):
            figure.line(content.place.points(ring), Style(line=content.colour if body.is_block else EXISTING_LINE, width=FINE), closed=True)
    legend += _trees(figure, content)
    _removed(figure, content)
    outline_plan_areas(figure, content)
    labels = page.group("text", clip=content.place.field)
    for body in content.bodies:
        if body.is_block:
            _label(labels, content, body, roman(body.storeys), bold=True)
    legend.append((swatch(Style(fill=EXISTING, line=EXISTING_LINE)), "Gebäude im Bestand"))
    _with_proposal(legend, content, Style(fill=light, line=content.colour, width=MEDIUM), "Vorhaben, mit Zahl der Geschosse")
    return _with_removed(legend, content) + plan_legend(content.applied), ["Schatten zur Anschauung, keine Verschattungsberechnung."]


def storeys(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Geschossigkeitsplan."""
    figure = _figure(page, content, "Geschossigkeitsplan: Gebäude nach der Zahl ihrer Geschosse eingefärbt und beschriftet.")
    legend = ground(figure, content, quiet=True)
    for body in content.bodies:
        fill = next(colour for most, colour, _ in STOREYS if body.storeys <= most)
        figure.area(content.place(body.shape), _framed(content, body, fill))
    outline_plan_areas(figure, content)
    labels = page.group("text", clip=content.place.field)
    for body in content.bodies:
        _label(labels, content, body, f"{roman(body.storeys)}{'*' if body.estimated else ''}", dark=body.storeys > 4)
    used = {next(k for k, (most, _, _) in enumerate(STOREYS) if body.storeys <= most) for body in content.bodies}
    legend += [(swatch(Style(fill=colour, line=QUIET)), words) for k, (_, colour, words) in enumerate(STOREYS) if k in used]
    notes = [f"* aus der Gebäudehöhe geschätzt ({number(STOREY, 1)} m je Geschoss)"] if any(b.estimated for b in content.bodies) else []
    return _with_proposal(legend, content, Style(line=content.colour, width=BOLD)) + plan_legend(content.applied), notes


def heights(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Höhenplan: highest points above the height system's zero, and above ground."""
    figure = _figure(page, content, "Höhenplan: höchste Punkte der Gebäude in Metern über NHN.")
    legend = ground(figure, content, quiet=True)
    legend += _contours(figure, content)
    for body in content.bodies:
        fill = lightened(content.colour, 0.6) if body.is_block else "#eeece8"
        figure.area(content.place(body.shape), _framed(content, body, fill))
    outline_plan_areas(figure, content)
    labels = page.group("text", clip=content.place.field)
    for body in content.bodies:
        if math.isfinite(body.top):
            _label(labels, content, body, number(body.top, 1), bold=body.is_block, second=f"+{number(body.top - body.base, 1)}")
    legend.append((swatch(Style(fill="#eeece8", line=QUIET)), "OK über NHN; darunter Höhe über tiefstem Punkt, in Metern"))
    _with_proposal(legend, content, Style(fill=lightened(content.colour, 0.6), line=content.colour, width=MEDIUM))
    return legend + plan_legend(content.applied), []


def uses(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Nutzungsplan."""
    figure = _figure(page, content, "Nutzungsplan: Gebäude nach ihrer Nutzung eingefärbt.")
    legend = ground(figure, content, quiet=True)
    for body in content.bodies:
        figure.area(content.place(body.shape), _framed(content, body, USES[body.use if body.use in USES else ""][0]))
    outline_plan_areas(figure, content)
    there = {body.use if body.use in USES else "" for body in content.bodies}
    legend += [(swatch(Style(fill=colour, line=QUIET)), words) for use, (colour, words) in USES.items() if use in there]
    return _with_proposal(legend, content, Style(line=content.colour, width=BOLD)) + plan_legend(content.applied), []


def open_spaces(page: Drawing, content: Content) -> tuple[Legend, list[str]]:
    """Freiflächenplan: what the ground becomes, and which trees stay, go and come."""
    figure = _figure(
        page, content, "Freiflächenplan: Straßen, Wege, Grün-, Spiel- und Wasserflächen; Bäume, die bleiben, fallen und neu sind."
    )
    legend = ground(figure, content)
    legend += _spaces(figure, content)
    for body in content.bodies:
        fill = lightened(content.colour, 0.75) if body.is_block else "#f3f1ee"
        figure.area(content.place(body.shape), _framed(content, body, fill))
    legend += _trees(figure, content, fates=True)
    outline_plan_areas(figure, content)
    labels = page.group("text", clip=content.place.field)
    for space in content.applied.variant.open_spaces:
        spot = content.place.points([space.shape.representative_point().coords[0]])[0]
        name = space.name or SPACES[space.kind][1]
        labels.text(float(spot[0]), float(spot[1]), name, SMALL, anchor="middle")
        labels.text(spot[0], spot[1] - 1.3 * SMALL, f"{number(space.shape.area)}{THIN_SPACE}m²", SMALL, anchor="middle", colour=QUIET)
    return _with_proposal(legend, content, Style(fill=lightened(content.colour, 0.75), line=content.colour)) + plan_legend(
        content.applied
    ), []


KINDS: dict[str, tuple[str, Callable[[Drawing, Content], tuple[Legend, list[str]]]]] = {
    "figure-ground": ("Schwarzplan", schwarzplan),
    "design": ("Gestaltungsplan", design),
    "storeys": ("Geschossigkeitsplan", storeys),
    "heights": ("Höhenplan", heights),
    "uses": ("Nutzungsplan", uses),
    "open-spaces": ("Freiflächenplan", open_spaces),
}


def _figure(page: Drawing, content: Content, words: str) -> Group:
    variant = content.applied.variant
    count = sum(body.is_block for body in content.bodies)
    more = f" Variante {variant.name} mit {count} Baukörpern, {len(content.bodies) - count} Gebäude im Bestand."
    return page.group("figure", words + more, clip=content.place.field)


def _near(content: Content, shapes: Any) -> list[int]:
    around = shapely.box(*content.place.window).buffer(5.0)
    return [int(k) for k in np.flatnonzero(shapely.intersects(np.array(list(shapes), object), around))] if len(shapes) else []


def ground(figure: Group, content: Content, quiet: bool = False) -> Legend:
    """Land cover, streets and parcels."""
    site, place = content.applied.site, content.place
    legend: Legend = []
    figure.box(*place.field, Style(fill="#fbfaf7" if not quiet else "#ffffff"))
    if site.areas is not None and not quiet:
        kinds = site.areas.columns["kind"]
        for k in _near(content, site.areas.geometry):
            if kinds[k] in LAND:
                figure.area(place(site.areas.geometry[k]), Style(fill=LAND[kinds[k]]))
    else:
        _water(figure, content)
    if site.streets is not None:
        widths = site.streets.columns["width"]
        for k in _near(content, site.streets.geometry):
            line = site.streets.geometry[k]
            if not shapely.is_empty(line) and np.isfinite(widths[k]):
                figure.area(place(line.buffer(float(widths[k]) / 2, cap_style="flat")), Style(fill="#e9e7e3" if not quiet else "#f3f2f0"))
    if site.plots is not None:
        for k in _near(content, site.plots.geometry):
            figure.lines(place(site.plots.geometry[k]), Style(line="#a8a49d", width=FINE))
        legend.append((stroke(Style(line="#a8a49d", width=FINE)), "Flurstücksgrenze"))
    return legend


def _water(figure: Group, content: Content) -> None:
    areas = content.applied.site.areas
    if areas is not None:
        for k in _near(content, areas.geometry):
            if areas.columns["kind"][k] == "water":
                figure.area(content.place(areas.geometry[k]), Style(fill=LAND["water"]))


def _spaces(figure: Group, content: Content) -> Legend:
    there: dict[str, None] = {}
    for space in content.applied.variant.open_spaces:
        figure.area(content.place(space.shape), Style(fill=SPACES[space.kind][0], line="#b3ada2", width=FINE))
        there[space.kind] = None
    return [(swatch(Style(fill=SPACES[kind][0], line="#b3ada2")), f"{SPACES[kind][1]}, geplant") for kind in there]


def _trees(figure: Group, content: Content, fates: bool = False) -> Legend:
    whole, stand = content.applied.all_trees
    if not len(whole):
        return []
    there = len(content.applied.site.trees) if content.applied.site.trees is not None else 0
    x0, y0, x1, y1 = content.place.window
    legend: Legend = []
    seen = set()
    for k, (x, y) in enumerate(whole.position.tolist()):
        if not (x0 - 6 < x < x1 + 6 and y0 - 6 < y < y1 + 6) or (not stand[k] and not fates):
            continue
        radius = (float(whole.crown[k]) if np.isfinite(whole.crown[k]) and whole.crown[k] > 0 else 6.0) / 2 * content.place.factor
        fate = "new" if k >= there else "stays" if stand[k] else "felled"
        seen.add(fate)
        px, py = content.place.points([(x, y)])[0]
        if fate == "felled":
            figure.circle(px, py, radius, Style(line="#b03a2e", width=FINE, dash=(1.0, 0.8)))
            cross = radius * 0.6
            figure.line([(px - cross, py - cross), (px + cross, py + cross)], Style(line="#b03a2e", width=MEDIUM))
            figure.line([(px - cross, py + cross), (px + cross, py - cross)], Style(line="#b03a2e", width=MEDIUM))
        else:
            fill, line = (CROWN_NEW, "#4f7a2f") if fate == "new" else (CROWN, "#7d9366")
            figure.circle(px, py, radius, Style(fill=fill, line=line, width=FINE, opacity=0.75))
            figure.circle(px, py, 0.25, Style(fill=line), 8)
    named = {
        "stays": (dot(Style(fill=CROWN, line="#7d9366")), "Baum im Bestand"),
        "new": (dot(Style(fill=CROWN_NEW, line="#4f7a2f")), "Baum, geplant (ausgewachsen)"),
        "felled": (dot(Style(line="#b03a2e", dash=(1.0, 0.8))), "Baum, der fällt"),
    }
    legend += [entry for fate, entry in named.items() if fate in seen]
    return legend


def _removed(figure: Group, content: Content) -> None:
    site = content.applied.site
    for row in np.flatnonzero(~content.applied.kept).tolist():
        if site.footprints[row] is not None:
            figure.lines(content.place(site.footprints[row]), Style(line="#b03a2e", width=MEDIUM, dash=(2.0, 1.2)))


def _with_removed(legend: Legend, content: Content) -> Legend:
    if not content.applied.kept.all():
        legend.append((stroke(Style(line="#b03a2e", width=MEDIUM, dash=(2.0, 1.2))), "Abriss"))
    return legend


def outline_plan_areas(figure: Group, content: Content) -> None:
    areas = content.applied.site.plan_areas
    if areas is not None:
        for shape in areas.geometry:
            figure.lines(content.place(shape), SCOPE)


def plan_legend(applied: Applied) -> Legend:
    """The entry of plan areas, where there are any."""
    areas = applied.site.plan_areas
    if areas is None or not len(areas):
        return []
    return [(stroke(SCOPE), "Grenze des Plangebiets")]


def _with_proposal(legend: Legend, content: Content, style: Style, words: str = "Vorhaben") -> Legend:
    if any(body.is_block for body in content.bodies):
        legend.append((swatch(style), f"{words} ({content.applied.variant.name})"))
    return legend


def _framed(content: Content, body: Body, fill: str) -> Style:
    return Style(fill=fill, line=content.colour, width=BOLD) if body.is_block else Style(fill=fill, line="#6f6b66", width=FINE)


def _shadow(body: Body) -> Any:
    """Of the body as a box, on level ground."""
    reach = SHADOW_LENGTH * max(min(body.top - body.base, 60.0), 0.0) if math.isfinite(body.top) else 0.0
    angle = math.radians(SHADOW_AZIMUTH)
    shift = np.array([math.sin(angle), math.cos(angle)]) * reach
    pieces = [body.shape, shapely.transform(body.shape, lambda xy: xy + shift)]
    for polygon in shapely.get_parts(body.shape):
        for ring in (polygon.exterior, *polygon.interiors):
            corners = np.asarray(ring.coords)
            pieces += [
                shapely.Polygon([one, other, other + shift, one + shift])
                for one, other in zip(corners[:-1, :2], corners[1:, :2], strict=True)
            ]
    return shapely.difference(shapely.union_all(shapely.buffer(np.array(pieces, object), 0)), body.shape)


def _label(group: Group, content: Content, body: Body, words: str, *, bold: bool = False, dark: bool = False, second: str = "") -> None:
    """Words in the middle of a body, where it has room for them."""
    shape = content.place(body.shape)
    spot = shape.representative_point() if not shape.contains(shape.centroid) else shape.centroid
    room = 2 * shapely.distance(spot, shape.boundary)
    size = NORMAL if bold else SMALL
    if room < (1.2 if not second else 2.4) * size:
        return
    colour = "#ffffff" if dark else INK
    y = spot.y - 0.35 * size + (0.65 * size if second else 0)
    group.text(spot.x, y, words, size, anchor="middle", bold=bold, colour=colour)
    if second:
        group.text(spot.x, y - 1.2 * size, second, size, anchor="middle", colour=colour)


def _contours(figure: Group, content: Content) -> Legend:
    """Contour lines of the ground, every metre or so that there are not too many."""
    terrain = content.applied.site.terrain
    if terrain is None:
        return []
    x0, y0, x1, y1 = content.place.window
    step = max(terrain.step, (x1 - x0) / 400)
    xs, ys = np.arange(x0, x1 + step, step), np.arange(y0, y1 + step, step)
    x, y = np.meshgrid(xs, ys)
    ground = terrain.height_at(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
    if not np.isfinite(ground).any():
        return []
    span = float(np.nanmax(ground) - np.nanmin(ground))
    interval = next((one for one in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0) if span / one <= 25), 50.0)
    figure_lines = isolines(xs, ys, ground, interval)
    for line in figure_lines:
        figure.line(content.place.points(line), Style(line="#b9a48a", width=FINE))
    words = f"Höhenlinie des Geländes, alle {number(interval, 1 if interval < 1 else 0)} m"
    return [(stroke(Style(line="#b9a48a", width=FINE)), words)]


def isolines(xs: Any, ys: Any, ground: Any, interval: float) -> list[Any]:
    """Lines (n, 2) of equal height in a grid, by its triangles: each cell halved, each half cut by the levels that pass through it."""
    segments: list[Any] = []
    corner = [ground[:-1, :-1], ground[:-1, 1:], ground[1:, 1:], ground[1:, :-1]]
    gx = [xs[:-1][None].repeat(len(ys) - 1, 0), xs[1:][None].repeat(len(ys) - 1, 0)]
    gy = [ys[:-1][:, None].repeat(len(xs) - 1, 1), ys[1:][:, None].repeat(len(xs) - 1, 1)]
    px, py = [gx[0], gx[1], gx[1], gx[0]], [gy[0], gy[0], gy[1], gy[1]]
    low = math.ceil(float(np.nanmin(ground)) / interval) * interval
    for level in np.arange(low, float(np.nanmax(ground)) + 1e-9, interval):
        for a, b, c in ((0, 1, 2), (0, 2, 3)):
            found = []
            for one, other in ((a, b), (b, c), (c, a)):
                h0, h1 = corner[one], corner[other]
                with np.errstate(invalid="ignore", divide="ignore"):
                    crosses = (h0 < level) != (h1 < level)
                    share = np.where(crosses, (level - h0) / (h1 - h0), np.nan)
                found.append(
                    (crosses & np.isfinite(share), px[one] + share * (px[other] - px[one]), py[one] + share * (py[other] - py[one]))
                )
            for (m0, x0, y0), (m1, x1, y1) in ((found[0], found[1]), (found[1], found[2]), (found[2], found[0])):
                both = m0 & m1
                if both.any():
                    segments.append(np.stack([x0[both], y0[both], x1[both], y1[both]], axis=1))
    if not segments:
        return []
    rows = np.concatenate(segments).reshape(-1, 2, 2)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(np.round(rows, 4))))
    return [np.asarray(line.coords) for line in shapely.get_parts(merged)]
