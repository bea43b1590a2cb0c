// "Was ändert sich bei mir?": a place that the visitor chooses, and what each design changes there. Reckoned here; the place goes nowhere.

import type { App } from "../app";
import { type GeoJson, eavesHeight, fromGeoJson } from "../own/proposal";
import { choice, button, el } from "../dom";
import { jsonOf } from "../files";
import { standing } from "../figures";
import { contains, type Point } from "../polygons";
import type { Place, PublishedResult, Variant } from "../publication";
import { classOf, read, valueAt } from "../results";
import { kindName, kinds } from "../sections/layers";
import { onTap } from "../sections/look";
import { swatch } from "../sections/numbers";
import type { Mount } from "../shell";
import { marker } from "../stage/marks";
import type { Stage } from "../stage/stage";
import { riseOf } from "../storeys";

type Kind = "window" | "garden" | "stopPlace";

const REACH = 60; // metres around, in which houses and trees are told
const OFF = 0.4; // metres off a wall, from where one looks
const EYE = 1.6;
const FAR = 3; // metres to the nearest cell, as in results.ts

interface Row {
  label: string;
  values: Map<string, string>;
  /** to tell a change by; with so many decimals */
  numbers: Map<string, number>;
  decimals: number;
}

export const mountNearby: Mount = (host, app) => {
  let [kind, place, normal] = ["window" as Kind, null as Place | null, [0, 0, 1] as Place];
  const card = el("div", { class: "card", "aria-live": "polite" });
  const said = el("p", { role: "status" });
  let stop: (() => void) | null = null;
  const tell = async (): Promise<void> => {
    if (!place) return;
    card.replaceChildren(el("p", {}, "…"));
    const rows = await rowsAt(app, await app.stage(), place, normal, kind);
    card.replaceChildren(...(rows.length ? [table(app, rows), el("p", { class: "quiet" }, app.word("nearbyUncertain", { far: FAR }))] : [el("p", {}, app.word("nearbyNone"))]));
  };
  const pick = button(app.word("nearbyPick"), () => {
    said.textContent = app.word("putPinNow");
    stop?.();
    stop = onTap(app, (at, stage, _object, facing) => {
      [place, normal] = [at, facing];
      stage.takeOff("home");
      stage.overlay.add(marker(at, 0x111111, "home"));
      stage.draw();
      said.textContent = app.word("pinned");
      void tell();
    });
  }, { class: "primary" });
  host.append(
    el("h2", {}, app.word("nearby")),
    el("p", {}, app.word("nearbyIntro")),
    el("p", { class: "quiet" }, app.word("nearbyPrivate")),
    choice<Kind>(app.word("nearbyKind"), [["window", app.word("window")], ["garden", app.word("garden")], ["stopPlace", app.word("stopPlace")]], kind, (value) => { kind = value; void tell(); }),
    pick,
    said,
    card,
  );
  return () => {
    stop?.();
    void app.stage().then((stage) => { stage.takeOff("home"); });
  };
};

function table(app: App, rows: Row[]): HTMLElement {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": app.word("nearby") },
    el("table", {},
      el("thead", {}, el("tr", {}, el("td", {}), ...app.variants.map((one) => el("th", { scope: "col" }, swatch(one.colour), one.id === "bestand" ? app.word("nearbyNow") : app.text(one.name))))),
      el("tbody", {}, ...rows.map((row) => {
        const today = row.numbers.get("bestand");
        return el("tr", {}, el("th", { scope: "row" }, row.label), ...app.variants.map((one) => {
          const number = row.numbers.get(one.id);
          const round = (value: number): number => Math.round(value * 10 ** row.decimals); // so that what is told adds up
          const change = one.id !== "bestand" && number !== undefined && today !== undefined ? (round(number) - round(today)) / 10 ** row.decimals : 0;
          return el("td", {}, row.values.get(one.id) ?? "–", change ? el("span", { class: "change" }, ` (${change > 0 ? "+" : "−"}${app.number(Math.abs(change), row.decimals)})`) : "");
        }));
      }))));
}

/** What can be told of a place: published results there, houses and trees around it. */
async function rowsAt(app: App, stage: Stage, place: Place, normal: Place, kind: Kind): Promise<Row[]> {
  const upright = Math.abs(normal[2]) < 0.5;
  const told = new Map<string, { day: string; row: Row }[]>(); // the same thing on several days: together, and each day once
  for (const results of kinds(app).values()) {
    if (results[0]!.compare_with) continue;
    const { title, when } = results[0]!;
    const day = when ?? "";
    const what = title.de.split(day.split("-").reverse().join(".") || ",")[0]!;
    const known = told.get(what) ?? [];
    if (day && known.some((one) => one.day === day)) continue;
    const row = await measured(app, results, place, kind === "window" || upright);
    if (row) told.set(what, [...known, { day, row }]);
  }
  const rows = [...told.values()].flatMap((days) => days.sort((a, b) => a.day.localeCompare(b.day)).map(({ row }) => row));
  const eye: Place = upright
    ? [place[0] + normal[0] * OFF, place[1] + normal[1] * OFF, place[2]]
    : [place[0], place[1], place[2] + EYE];
  rows.push(...(await around(app, stage, eye)));
  return rows;
}

async function measured(app: App, results: PublishedResult[], place: Place, upright: boolean): Promise<Row | undefined> {
  const row: Row = { label: kindName(app, results), values: new Map(), numbers: new Map(), decimals: 1 };
  for (const variant of app.variants) {
    const own = results.filter((one) => one.variant === variant.id).sort((a, b) => (Number(b.support === "faces") - Number(a.support === "faces")) * (upright ? 1 : -1));
    for (const result of own) {
      if (result.support === "grid" && upright && own.some((one) => one.support === "faces")) continue; // the ground below is not the window
      const loaded = await read(result).catch(() => null);
      const number = loaded ? valueAt(loaded, place) : NaN;
      if (Number.isNaN(number)) continue;
      const label = result.unit ? `${app.number(number, 1)} ${result.unit}` : app.text(classOf(result.classes, number)?.label);
      row.values.set(variant.id, label);
      if (result.unit) row.numbers.set(variant.id, number);
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
