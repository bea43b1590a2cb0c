// "Was ändert sich bei mir?": a place that the visitor chooses, and what each design changes there. Reckoned here; the place goes nowhere.

import type { App, Home, Word } from "../app";
import { type GeoJson, eavesHeight, fromGeoJson } from "../own/proposal";
import { choice, button, el } from "../dom";
import { jsonOf } from "../files";
import { standing } from "../figures";
import { contains, type Point } from "../polygons";
import type { Place, PublishedResult, Variant } from "../publication";
import { endless, read, valueAt } from "../results";
import { kindName, kinds, tellSize } from "../sections/layers";
import { onTap } from "../sections/look";
import { swatch } from "../sections/numbers";
import type { Mount } from "../shell";
import { marker } from "../stage/marks";
import type { Stage } from "../stage/stage";
import { riseOf } from "../storeys";

const REACH = 60; // metres around, in which houses and trees are told
const OFF = 0.4; // metres off a wall, from where one looks
const EYE = 1.6;
const FAR = 3; // metres to the nearest cell, as in results.ts

/** What results are called here, where their own titles speak to experts: by what these begin with. */
const CALLED: [RegExp, Word][] = [
  [/^Besonnungsdauer am /, "rowSun"],
  [/^Aussicht aus Fenstern/, "rowView"],
  [/^Sichtweite aus Fenstern/, "rowDistance"],
  [/^Beurteilungspegel Straße Tag/, "rowNoiseDay"],
  [/^Beurteilungspegel Straße Nacht/, "rowNoiseNight"],
  [/^Ruhige Seiten/, "rowQuiet"],
];
const ON_GROUND = /, auf dem Boden/;

/** One thing that is told of a place, by variant: in words, and as a number to tell a change by, with so many decimals. */
interface Row {
  label: string;
  values: Map<string, string>;
  numbers: Map<string, number>;
  decimals: number;
}

export const mountNearby: Mount = (host, app) => {
  const home = app.home;
  const card = el("div", { class: "card", "aria-live": "polite" });
  const said = el("p", { role: "status" });
  let [stop, asked] = [null as (() => void) | null, 0];
  const tell = async (shown = false): Promise<void> => {
    const { kind, place, normal } = home;
    if (!place) return;
    const mine = ++asked;
    card.replaceChildren(el("p", {}, "…"));
    const told = await cardOf(app, await app.stage(), place, normal, kind).catch((problem: unknown) =>
      [el("p", { class: "problem" }, app.failed(problem))]);
    if (mine !== asked) return;
    card.replaceChildren(...told);
    if (shown) card.scrollIntoView({ block: "start" }); // on a phone it would lie below the screen
  };
  const mark = (stage: Stage): void => {
    stage.takeOff("home");
    if (home.place) stage.overlay.add(marker(home.place, 0x111111, "home"));
    stage.draw();
  };
  const pick = button(app.word("nearbyPick"), () => {
    said.textContent = app.word("putPinNow");
    stop?.();
    stop = onTap(app, (at, stage, _object, facing) => {
      [home.place, home.normal] = [at, facing];
      mark(stage);
      said.textContent = app.word("pinned");
      void tell(true);
    });
    void app.stage().then(({ canvas }) => canvas.focus({ preventScroll: true })); // whoever has but keys points from there
  }, { class: "primary" });
  host.append(
    el("h2", {}, app.word("nearby")),
    el("p", {}, app.word("nearbyIntro")),
    el("p", { class: "quiet" }, app.word("nearbyPrivate")),
    choice<Home["kind"]>(app.word("nearbyKind"), [["window", app.word("window")], ["garden", app.word("garden")], ["stopPlace", app.word("stopPlace")]], home.kind, (value) => { home.kind = value; void tell(); }),
    pick,
    said,
    card,
  );
  if (home.place) { // chosen before another section or language was
    void app.stage().then(mark);
    void tell();
  }
  return () => {
    stop?.();
    void app.stage().then((stage) => { stage.takeOff("home"); });
  };
};

/** What changes at a place, then what stays, then what to know of it. */
async function cardOf(app: App, stage: Stage, place: Place, normal: Place, kind: Home["kind"]): Promise<HTMLElement[]> {
  const upright = Math.abs(normal[2]) < 0.5;
  const published = await publishedAt(app, place, upright);
  const eye: Place = upright
    ? [place[0] + normal[0] * OFF, place[1] + normal[1] * OFF, place[2]]
    : [place[0], place[1], place[2] + EYE];
  const rows = [...published, ...(await around(app, stage, eye))];
  const stays = (row: Row): boolean => new Set(app.variants.map((one) => row.values.get(one.id))).size === 1;
  const [changed, same] = [rows.filter((row) => !stays(row)), rows.filter(stays)];
  return [
    ...(kind === "window" && !upright ? [el("p", { class: "problem" }, app.word("nearbyNotWall"))] : []),
    ...(published.length || !app.publication.results.length ? [] : [el("p", { class: "problem" }, app.word("nearbyNone"))]),
    el("h3", {}, app.word("nearbyChanges")),
    changed.length ? differing(app, changed) : el("p", {}, app.word("nearbyNoChange")),
    ...(same.length ? [el("h3", {}, app.word("nearbySame")), staying(app, same)] : []),
    ...(published.length ? [el("p", { class: "quiet" }, app.word("nearbyUncertain", { far: FAR }))] : []),
  ];
}

/** Each thing with what it is today and with each design, one below the other: so that it fits on any screen, with any number of designs. */
function differing(app: App, rows: Row[]): HTMLElement {
  return el("table", { class: "by-design", "aria-label": app.word("nearbyChanges") }, ...rows.map((row) => el("tbody", {},
    el("tr", {}, el("th", { scope: "rowgroup", colspan: 2 }, row.label)),
    ...app.variants.map((one) => el("tr", {},
      el("th", { scope: "row" }, swatch(one.colour), one.id === "bestand" ? app.word("nearbyNow") : app.text(one.name)),
      el("td", {}, row.values.get(one.id) ?? app.word("nearbyNoValue"), change(app, row, one.id)))))));
}

function staying(app: App, rows: Row[]): HTMLElement {
  return el("table", { class: "as-it-is", "aria-label": app.word("nearbySame") }, el("tbody", {}, ...rows.map((row) =>
    el("tr", {}, el("th", { scope: "row" }, row.label), el("td", {}, [...row.values.values()][0]!)))));
}

/** How much more or less it is than today, of numbers. */
function change(app: App, row: Row, id: string): HTMLElement | string {
  const [number, today] = [row.numbers.get(id), row.numbers.get("bestand")];
  if (id === "bestand" || number === undefined || today === undefined) return "";
  const round = (value: number): number => Math.round(value * 10 ** row.decimals); // so that what is told adds up
  const more = (round(number) - round(today)) / 10 ** row.decimals;
  return more ? el("span", { class: "change" }, ` (${more > 0 ? "+" : "−"}${app.number(Math.abs(more), row.decimals)})`) : "";
}

/** What published results say of a place: the same thing on several days together, and each day once. */
async function publishedAt(app: App, place: Place, upright: boolean): Promise<Row[]> {
  const told = new Map<string, { day: string; row: Row }[]>();
  for (const results of kinds(app).values()) {
    if (results[0]!.compare_with) continue;
    const { title, when } = results[0]!;
    const day = when ?? "";
    const what = title.de.split(day.split("-").reverse().join(".") || ",")[0]!;
    const known = told.get(what) ?? [];
    if (day && known.some((one) => one.day === day)) continue;
    const row = await measured(app, results, place, upright);
    if (row) told.set(what, [...known, { day, row }]);
  }
  return [...told.values()].flatMap((days) => days.sort((a, b) => a.day.slice(5).localeCompare(b.day.slice(5))).map(({ row }) => row));
}

async function measured(app: App, results: PublishedResult[], place: Place, upright: boolean): Promise<Row | undefined> {
  const { title, when } = results[0]!;
  const called = CALLED.find(([begins]) => begins.test(title.de));
  const day = when && new Date(`${when}T12:00:00Z`).toLocaleDateString(app.locale, { day: "numeric", month: "long", timeZone: "UTC" });
  const row: Row = { label: called ? app.word(called[1], { day: day ?? "" }) : kindName(app, results), values: new Map(), numbers: new Map(), decimals: 1 };
  for (const variant of app.variants) {
    const own = results.filter((one) => one.variant === variant.id).sort((a, b) => (Number(b.support === "faces") - Number(a.support === "faces")) * (upright ? 1 : -1));
    for (const result of own) {
      if (upright && result.support === "grid" && (ON_GROUND.test(result.title.de) || own.some((one) => one.support === "faces"))) continue; // the ground below is not the window
      const loaded = await read(result);
      const number = valueAt(loaded, place);
      if (Number.isNaN(number)) continue;
      row.values.set(variant.id, tellSize(app, result, number));
      if (result.unit && !endless(result, number)) row.numbers.set(variant.id, number);
      break;
    }
  }
  return row.values.size ? row : undefined;
}

/** The highest new house, whether one is seen, and trees in sight: with what each design builds, fells and plants. */
async function around(app: App, stage: Stage, eye: Place): Promise<Row[]> {
  const highest: Row = { label: app.word("nearbyHighest"), values: new Map(), numbers: new Map(), decimals: 0 };
  const seen: Row = { label: app.word("nearbySees"), values: new Map(), numbers: new Map(), decimals: 0 };
  const trees: Row = { label: app.word("nearbyTrees"), values: new Map(), numbers: new Map(), decimals: 0 };
  const shown = app.variant;
  for (const variant of app.variants) {
    const blocks = await blocksOf(app, variant);
    const near = blocks.map((one) => ({ ...one, far: distance(one.ring, [eye[0], eye[1]]) })).filter((one) => one.far <= REACH).sort((a, b) => b.top - a.top);
    if (variant.id !== "bestand") {
      const first = near[0];
      highest.values.set(variant.id, first ? app.word("nearbyHighestValue", { height: app.number(first.top - first.ground, 1), distance: app.number(first.far) }) : app.word("nearbyNothingNew"));
      stage.only(variant.id);
      const looks = blocks.some((one) => [one.middle, ...one.ring].some(([x, y]) => stage.sees(eye, [x, y, one.top + 0.3])));
      seen.values.set(variant.id, app.word(looks ? "yes" : "no"));
    } else {
      highest.values.set(variant.id, app.word("nearbyNothingNew"));
      seen.values.set(variant.id, app.word("no"));
      stage.only(variant.id);
    }
    const inSight = stage.treesOf(variant.id).filter(([x, y, z, height]) =>
      Math.hypot(x - eye[0], y - eye[1]) <= REACH && stage.sees(eye, [x, y, z + height * 0.7]));
    trees.values.set(variant.id, app.number(inSight.length));
    trees.numbers.set(variant.id, inSight.length);
  }
  stage.only(shown);
  stage.draw();
  return [highest, seen, trees];
}

async function blocksOf(app: App, variant: Variant): Promise<{ ring: Point[]; middle: Point; top: number; ground: number }[]> {
  if (!variant.geojson) return [];
  const { blocks } = fromGeoJson(await jsonOf<GeoJson>(variant.geojson.url), app.publication.place);
  const measured = app.publication.builder?.land.measured[variant.id];
  const ground = await app.ground();
  return blocks.filter((block) => block.storeys > 0).map((block) => {
    const at = standing(block, ground);
    const ring = block.footprint[0]!.slice(0, -1);
    const sum = ring.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
    return { ring, middle: [sum[0] / ring.length, sum[1] / ring.length], top: at.base + eavesHeight(block) + (riseOf(block) ?? measured?.[block.id]?.rise ?? 0), ground: at.ground };
  });
}

function distance(ring: Point[], [x, y]: Point): number {
  if (contains([[...ring, ring[0]!]], [x, y])) return 0;
  return Math.min(...ring.map(([ax, ay], k) => {
    const [bx, by] = ring[(k + 1) % ring.length]!;
    const t = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1)));
    return Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y);
  }));
}
