// Results laid over the town: which belong together, how they are drawn, and what they say at a place.

import * as THREE from "three";

import type { App } from "../app";
import { el } from "../dom";
import type { Place, PublishedResult } from "../publication";
import { type Loaded, type Mark, type MarkResult, cellColours, changeOf, classOf, colourOf, endless, valueAt } from "../results";
import { faceLayer, markLayer, marker } from "../stage/marks";
import type { Stage } from "../stage/stage";

const WHERE = /(, (auf dem [^,]+|an F[^,]+|in [\d.,]+\s?m Höhe))+$/; // what titles of one thing on different supports end with
const CHANGE = /: Änderung gegenüber .*$/;
const NEAR = 30; // pixels from a point or line within which a tap means it

/** What is told of, whatever it is told on and whether it is a change: the same for all results that can be held side by side. */
export function subject({ kind, title, when, unit }: PublishedResult): string {
  return [kind, title.de.replace(WHERE, "").replace(CHANGE, ""), when ?? "", unit].join("|");
}

/** Which results belong together: the same thing on the same day, for each variant, on whatever it is known. */
export function kinds(app: App): Map<string, PublishedResult[]> {
  const found = new Map<string, PublishedResult[]>();
  for (const one of app.publication.results) {
    const mark = one.support === "points" || one.support === "lines" ? one.support : "";
    const key = [subject(one), one.compare_with ?? "", mark].join("|");
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** What results of one kind have in common in their titles: of "…, auf dem Boden" and "…, an Fassaden" what stands before. */
export function kindName(app: App, results: PublishedResult[]): string {
  const titles = [...new Set(results.map((one) => app.text(one.title)))];
  let [first = ""] = titles;
  while (!titles.every((one) => one.startsWith(first))) first = first.includes(",") ? first.slice(0, first.lastIndexOf(",")) : "";
  return first || titles[0]!;
}

/** Lays results over the town: grids on the ground, what is on faces, points and lines of the variant that is shown. */
export function lay(stage: Stage, shown: Loaded[], variant: string): void {
  stage.drape.set(shown.flatMap((one) => (one.support === "grid" ? [{ ...one, variant: one.result.variant, colours: cellColours(one) }] : [])));
  for (const old of ["results", "probe"]) stage.takeOff(old);
  const group = new THREE.Group();
  group.name = "results";
  for (const one of shown.filter(({ result }) => result.variant === variant)) {
    const { classes } = one.result;
    if (one.support === "faces") group.add(faceLayer(one, (value) => (changeOf(one.result, value) === 0 ? undefined : colourOf(classes, value))));
    else if (one.support !== "grid") group.add(markLayer(one, (value) => colourOf(classes, value)));
  }
  stage.overlay.add(group);
  stage.draw();
}

/** What results say where somebody tapped, and a pin there. */
export function probe(app: App, stage: Stage, shown: Loaded[], place: Place): string {
  const told = shown.map((one) => tellAt(app, stage, one, place)).find((one) => one !== "") ?? app.word("noValue");
  stage.takeOff("probe");
  stage.overlay.add(marker(place, 0x111111, "probe"));
  stage.draw();
  return told;
}

/** Those that tell more of a place first: points and lines, then faces, then the ground. */
export function closestFirst(shown: Loaded[]): Loaded[] {
  const order = ["points", "lines", "faces", "grid"];
  return [...shown].sort((a, b) => order.indexOf(a.support) - order.indexOf(b.support));
}

function tellAt(app: App, stage: Stage, one: Loaded, place: Place): string {
  if (one.support === "grid" || one.support === "faces") {
    const value = valueAt(one, place);
    return Number.isNaN(value) ? "" : tellValue(app, one.result, value);
  }
  const tapped = stage.onScreen(place);
  const near = one.marks
    .map((mark, k) => ({ mark, k, far: tapped ? farOnScreen(stage, mark, tapped) : Infinity }))
    .sort((a, b) => a.far - b.far)[0];
  if (!near || near.far > NEAR) return "";
  const more = one.heads.map((head, k) => [app.text(head), app.text(near.mark.row[k])]).filter(([, words]) => words);
  return [app.text(near.mark.name), tellValue(app, one.result, one.values[near.k]!), ...more.map(([head, words]) => `${head}: ${words}`)].filter(Boolean).join(" · ");
}

function farOnScreen(stage: Stage, mark: Mark, [x, y]: [number, number]): number {
  const on = mark.places.map((place) => stage.onScreen(place));
  let nearest = Infinity;
  on.forEach((a, k) => {
    const b = on[k + 1] ?? a;
    if (!a || !b) return;
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const t = Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, Math.hypot(a[0] + t * dx - x, a[1] + t * dy - y));
  });
  return nearest;
}

/** "3,4 h · Besonnungsdauer am 21. März". */
export function tellValue(app: App, result: PublishedResult, value: number): string {
  return `${tellSize(app, result, value)} · ${app.text(result.title)}`;
}

/** A value with its unit; where there is none or no end to it, the name of its class; a change with its sign and its class. */
export function tellSize(app: App, result: PublishedResult, value: number): string {
  if (Number.isNaN(value)) return app.word("noValue");
  const label = app.text(classOf(result.classes, value)?.label);
  const size = result.unit && `${app.number(Math.abs(value), Math.abs(value) < 100 ? 1 : 0)}\u00a0${result.unit}`;
  if (endless(result, value)) return `${label}\u00a0${result.unit}`;
  const change = changeOf(result, value);
  if (change !== undefined && size) return `${change < 0 ? "−" : change > 0 ? "+" : "±"}${size} (${label})`;
  return size ? (value < 0 ? "−" : "") + size : label;
}

export function legendOf(app: App, result: PublishedResult): HTMLElement {
  return el("div", {},
    el("h4", {}, `${app.text(result.title)}${result.unit ? ` in ${result.unit}` : ""}`),
    el("ul", { class: "classes" }, ...result.classes.map((one) => {
      const colour = el("span", { class: "swatch", "aria-hidden": "true" });
      colour.style.background = one.colour;
      return el("li", {}, colour, app.text(one.label));
    })),
    el("details", {}, el("summary", {}, app.word("method")), el("p", {}, app.text(result.method))));
}

/** Points and lines with their values as a table, for those who do not tap on a model; null where there are none. */
export function tableOf(app: App, shown: Loaded[]): HTMLElement | null {
  const found = shown.filter((one): one is MarkResult => one.support === "points" || one.support === "lines");
  if (!found.length) return null;
  return el("details", {}, el("summary", {}, app.word("allValues")), ...found.map((one) =>
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": app.text(one.result.title) },
      el("table", {},
        el("caption", {}, app.text(one.result.title)),
        el("thead", {}, el("tr", {}, ...[app.word("place"), app.word("value"), ...one.heads.map((head) => app.text(head))].map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...one.marks.map((mark, k) =>
          el("tr", {}, el("th", { scope: "row" }, app.text(mark.name) || String(k + 1)), el("td", {}, tellSize(app, one.result, one.values[k]!)),
            ...mark.row.map((words) => el("td", { class: "words" }, app.text(words))))))))));
}
