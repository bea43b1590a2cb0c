// A section of a street: ground, houses of today and of the design that is shown, to one scale, with heights and widths; drawn and in words.

import type { App } from "../app";
import { button, el, field } from "../dom";
import type { Point } from "../polygons";
import type { Place } from "../publication";
import { type Cut, type Piece, cut, heightOn } from "../stage/cut";
import { marker, segment } from "../stage/marks";
import { onTap } from "./look";
import { WINDS } from "./words";

const SHORTEST = 4; // metres
const LONGEST = 400;
const PENCIL = 0.026; // height of letters as a share of the drawing's width
const NAME = "section";

type Line = [Place, Place];

export function section(app: App, gone: (() => void)[], announce: (text: string) => void): HTMLElement {
  const { streets } = app.publication;
  const drawn = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": app.word("section"), hidden: true });
  const told = el("div", { role: "status" });
  const said = el("p", { role: "status" });
  let [line, first, stop] = [null as Line | null, null as Place | null, null as (() => void) | null];

  const draw = async (): Promise<void> => {
    const stage = await app.stage();
    stage.takeOff(NAME);
    drawn.hidden = !line;
    if (!line) return told.replaceChildren();
    const mine = line;
    await stage.load();
    await stage.ready(app.variant);
    if (mine !== line) return;
    stage.overlay.add(segment(...mine, NAME));
    stage.draw();
    const made = cut(stage.bodies(app.variant), [mine[0][0], mine[0][1]], [mine[1][0], mine[1][1]]);
    if (!made.ground.length) return void ((drawn.hidden = true), told.replaceChildren(app.word("sectionEmpty")));
    const ends = endsOf(app, mine);
    const words = tell(app, made, ends);
    drawn.replaceChildren(picture(app, made, ends, words.join(" ")));
    told.replaceChildren(el("ul", {}, ...words.slice(1).map((one) => el("li", {}, one))));
  };
  const redraw = (): void => void draw().catch((problem: unknown) => announce(app.failed(problem)));
  const along = (chosen: string): void => {
    end();
    const street = streets.find((one) => one.id === chosen);
    line = street ? [street.from, street.to] : null;
    redraw();
  };
  const end = (): void => {
    stop?.();
    stop = first = null;
    said.textContent = "";
  };
  const pick = button(app.word("sectionPick"), () => {
    end();
    select.value = "";
    said.textContent = app.word("sectionFrom");
    stop = onTap(app, (place, stage) => {
      if (!first) {
        first = place;
        stage.takeOff(NAME);
        stage.overlay.add(marker(place, 0xd55e00, NAME));
        said.textContent = app.word("sectionTo");
        return stage.draw();
      }
      const far = Math.hypot(place[0] - first[0], place[1] - first[1]);
      if (far < SHORTEST || far > LONGEST) return announce(app.word("sectionSize", { least: SHORTEST, most: LONGEST }));
      line = [first, place];
      end();
      redraw();
    });
  });
  const select = el("select", { onchange: () => along(select.value) }, el("option", { value: "" }, app.word("noLayer")), ...streets.map((one) => el("option", { value: one.id }, app.text(one.name))));
  gone.push(app.on("variant", redraw));
  gone.push(() => { end(); line = null; void app.stage().then((stage) => stage.takeOff(NAME)); });
  return el("fieldset", {}, el("legend", {}, app.word("section")),
    el("div", { class: "row" }, streets.length ? field(app.word("sectionOf"), select) : null, pick),
    said, drawn, told);
}

/** Which way the ends of a line lie. */
function endsOf(app: App, [[x0, y0], [x1, y1]]: Line): [string, string] {
  const azimuth = (Math.atan2(x1 - x0, y1 - y0) * 180) / Math.PI + app.publication.place.convergence + 360;
  const wind = (turned: number): string => app.word(WINDS[Math.round(((azimuth + turned) % 360) / 45) % 8]!);
  return [wind(180), wind(0)];
}

/** The section in sentences: the first names it, each other a house or the room between two. */
function tell(app: App, made: Cut, [from, to]: [string, string]): string[] {
  const metres = (value: number): string => app.number(value, 1);
  const title = app.word("sectionTold", { length: app.number(made.length), from, to, variant: app.nameOf(app.variant) });
  const stands = made.pieces.filter((one) => one.kind !== "goes");
  const rest = made.pieces.filter((one) => one.kind === "goes");
  const house = (one: Piece): string =>
    app.word(one.kind === "new" ? "sectionNew" : one.kind === "goes" ? "sectionGoes" : "sectionHouse", { height: metres(one.height), from: metres(one.top[0]![0]), to: metres(one.top.at(-1)![0]) });
  const between = gaps(stands);
  const told = stands.flatMap((one, k) => [house(one), ...between.filter((gap) => gap.after === k).map((gap) => app.word("sectionGap", { width: metres(gap.to - gap.from) }))]);
  return [title, ...(told.length ? told : [app.word("sectionEmpty")]), ...rest.map(house)];
}

/** Rooms between houses that stand. */
function gaps(stands: Piece[]): { after: number; from: number; to: number }[] {
  const found: { after: number; from: number; to: number }[] = [];
  let reach = -Infinity;
  stands.forEach((one, k) => {
    const [west, east] = [one.top[0]![0], one.top.at(-1)![0]];
    if (k > 0 && west - reach > 0.5) found.push({ after: k - 1, from: reach, to: west });
    reach = Math.max(reach, east);
  });
  return found;
}

function svg(tag: string, attributes: Record<string, string | number>, ...children: (Node | string)[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** The section to scale: a metre is as long upwards as it is wide. */
function picture(app: App, made: Cut, [from, to]: [string, string], words: string): SVGElement {
  const { length, ground, pieces } = made;
  const text = length * PENCIL;
  const lowest = Math.min(...ground.map(([, z]) => z));
  const highest = Math.max(lowest + 3, ...ground.map(([, z]) => z), ...pieces.flatMap((one) => one.top.map(([, z]) => z)));
  const [above, below] = [text * 2.2, text * 5.4];
  const y = (z: number): number => highest - z + above;
  const path = (line: Point[]): string => line.map(([s, z], k) => `${k ? "L" : "M"}${s.toFixed(2)} ${y(z).toFixed(2)}`).join("");
  const floor = y(lowest) + text * 1.2;
  const accent = app.publication.variants.find((one) => one.id === app.variant)?.colour ?? "#888";
  const label = (at: number, up: number, said: string, anchor = "middle", className = ""): SVGElement => svg("text", { x: at, y: up, "text-anchor": anchor, "font-size": text, class: className }, said);
  const hatch = svg("pattern", { id: "section-new", width: text * 0.5, height: text * 0.5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: text, height: text, fill: accent, "fill-opacity": 0.35 }), svg("rect", { width: text * 0.12, height: text, fill: accent }));
  const bodies = pieces.map((one) => {
    const [west, east] = [one.top[0]!, one.top.at(-1)!];
    const under = ground.filter(([s]) => s > west[0] && s < east[0]).reverse();
    const outline = `${path([...one.top, [east[0], heightOn(ground, east[0])], ...under, [west[0], heightOn(ground, west[0])]])}Z`;
    return svg("path", { d: outline, class: one.kind, ...(one.kind === "new" ? { fill: "url(#section-new)", stroke: accent } : {}) });
  });
  let [last, row] = [-Infinity, 0]; // labels that would run into each other stand one above the other
  const heights = pieces.map((one) => {
    const middle = (one.top[0]![0] + one.top.at(-1)![0]) / 2;
    const said = `${app.number(one.height, 1)} m`;
    const wide = text * 0.3 * said.length;
    row = middle - wide < last ? (row + 1) % 2 : 0;
    last = middle + wide;
    const inside = Math.min(length - wide, Math.max(wide, middle));
    return label(inside, y(Math.max(...one.top.map(([, z]) => z))) - text * (0.45 + row), said, "middle", `height ${one.kind}`);
  });
  const widths = gaps(pieces.filter((one) => one.kind !== "goes")).flatMap((gap) => [
    svg("path", { d: `M${gap.from} ${floor}H${gap.to}M${gap.from} ${floor - text * 0.4}v${text * 0.8}M${gap.to} ${floor - text * 0.4}v${text * 0.8}`, class: "measure" }),
    label((gap.from + gap.to) / 2, floor + text * 1.3, `${app.number(gap.to - gap.from, 1)} m`),
  ]);
  const bar = length > 120 ? 20 : length > 50 ? 10 : 5;
  const foot = floor + text * 2.9;
  return svg("svg", { viewBox: `0 0 ${length.toFixed(2)} ${(y(lowest) + below).toFixed(2)}`, role: "img", "aria-label": words, class: "section" },
    svg("defs", {}, hatch),
    svg("path", { d: `${path(ground)}V${floor - text * 0.55}H0Z`, class: "earth" }),
    ...bodies,
    svg("path", { d: path(ground), class: "ground" }),
    ...heights, ...widths,
    label(0, foot, from, "start", "end"), label(length, foot, to, "end", "end"),
    svg("path", { d: `M${(length - bar) / 2} ${foot - text * 0.35}h${bar}m0 ${-text * 0.25}v${text * 0.5}M${(length - bar) / 2} ${foot - text * 0.6}v${text * 0.5}`, class: "measure" }),
    label(length / 2, foot + text, `${bar} m`));
}
