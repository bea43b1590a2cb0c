// Two designs from one camera: side by side, with a border that is pushed, or as what differs between their results.

import type { App } from "../app";
import type { PublishedResult } from "../publication";
import { type Loaded, difference, read } from "../results";
import type { Mount } from "../shell";
import { choice, el, field } from "../dom";
import { closestFirst, kindName, lay, legendOf, probe, subject } from "./layers";
import { onTap } from "./look";

type Mode = "split" | "swipe" | "difference";

/** What can be subtracted: a result on the ground for each design, and the classes that its changes are shown in. */
interface Subtractable {
  name: string;
  /** on the ground, by the design's id */
  grounds: Map<string, PublishedResult>;
  /** how changes against today are published, on the ground and on faces */
  changes: PublishedResult[];
}

export const mountCompare: Mount = (host, app, shell) => {
  if (app.variant === "bestand" && app.variants[1]) app.setVariant(app.variants[1].id);
  let other = "bestand";
  const known = subtractable(app);
  let mode: Mode = matchMedia("(min-width: 40rem)").matches ? "split" : "swipe";
  const at = el("input", { type: "range", min: 0, max: 100, value: 50 });
  const slider = field(app.word("swipeAt"), at);
  const what = el("select", {}, ...known.map((one, k) => el("option", { value: k }, one.name)));
  const legend = el("div", { class: "legend" });
  const value = el("p", { class: "probe", role: "status" });
  const differing = el("div", { class: "differing" }, field(app.word("differenceIn"), what), value, legend);
  const [left, right] = [el("span", { class: "side" }), el("span", { class: "side" })];
  const border = el("div", { class: "border", "aria-hidden": "true" }, el("span", {}, "⇆"));
  const sides = el("div", { class: "sides" }, left, right, border);
  document.getElementById("stage")!.append(sides);
  let shown: Loaded[] = [];
  let asked = 0;

  const select = (chosen: string, pick: (id: string) => void): HTMLSelectElement => {
    const made = el("select", { onchange: () => pick(made.value) }, ...app.variants.map((one) => el("option", { value: one.id, selected: one.id === chosen }, app.text(one.name))));
    return made;
  };
  const share = (): number => Number(at.value) / 100;
  const place = (): void => {
    border.hidden = mode === "difference";
    border.classList.toggle("held", mode === "swipe");
    border.style.left = mode === "swipe" ? `${at.value}%` : "50%";
  };
  const put = async (): Promise<void> => {
    const mine = ++asked;
    slider.hidden = mode !== "swipe";
    differing.hidden = mode !== "difference";
    const [one, two] = [app.nameOf(app.variant), app.nameOf(other)];
    left.textContent = mode === "difference" ? app.word("comparedWith", { one, other: two }) : one;
    right.textContent = two;
    right.hidden = mode === "difference";
    place();
    const stage = await app.stage();
    if (mine !== asked) return;
    await stage.compare(mode === "difference" ? { mode: "off" } : { mode, other, at: share() });
    try {
      const found = mode === "difference" ? await differencesOf(app, known[Number(what.value)], other) : [];
      if (mine !== asked) return;
      shown = found;
    } catch (problem) {
      return shell.announce(app.failed(problem));
    }
    lay(stage, shown, app.variant);
    legend.replaceChildren(...(shown[0] ? [legendOf(app, shown[0].result)] : []));
    value.textContent = shown.length ? app.word("probe") : mode === "difference" ? app.word("noDifference") : "";
  };
  const push = (): void => {
    place();
    void app.stage().then((stage) => {
      if (mode !== "swipe") return;
      stage.comparing = { mode, other, at: share() };
      stage.draw();
    });
  };
  at.addEventListener("input", push);
  what.addEventListener("change", () => void put());
  border.addEventListener("pointerdown", (event) => border.setPointerCapture(event.pointerId));
  border.addEventListener("pointermove", (event) => {
    if (!border.hasPointerCapture(event.pointerId)) return;
    const box = sides.getBoundingClientRect();
    at.value = String(((event.clientX - box.left) / box.width) * 100);
    push();
  });
  const untap = onTap(app, (where, stage) => { if (shown.length) value.textContent = probe(app, stage, closestFirst(shown), where); });
  const modes: [Mode, string][] = [["split", app.word("split")], ["swipe", app.word("swipe")]];
  if (known.length) modes.push(["difference", app.word("difference")]);
  host.append(
    el("h2", {}, app.word("compare")),
    el("div", { class: "row" },
      field(app.word("left"), select(app.variant, (id) => { app.setVariant(id); void put(); })),
      field(app.word("right"), select(other, (id) => { other = id; void put(); }))),
    choice<Mode>(app.word("compareHow"), modes, mode, (chosen) => { mode = chosen; void put(); }),
    slider,
    differing,
    figures(),
  );
  void put();
  return () => {
    asked++;
    untap();
    sides.remove();
    void app.stage().then((stage) => {
      lay(stage, [], app.variant);
      return stage.compare({ mode: "off" });
    });
  };

  function figures(): HTMLElement {
    const table = el("table", {});
    const fill = (): void => {
      const rows = app.publication.figures.filter((one) => typeof one.values[app.variant] === "number" || typeof one.values[other] === "number");
      const number = (figure: (typeof rows)[number], id: string): string => {
        const found = figure.values[id];
        return typeof found === "number" ? `${app.number(found, figure.decimals)} ${figure.unit}`.trim() : "–";
      };
      table.replaceChildren(
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, app.word("figure")), el("th", { scope: "col" }, app.nameOf(app.variant)), el("th", { scope: "col" }, app.nameOf(other)))),
        el("tbody", {}, ...rows.map((one) => el("tr", {}, el("th", { scope: "row" }, app.text(one.label)), el("td", {}, number(one, app.variant)), el("td", {}, number(one, other))))),
      );
    };
    fill();
    host.addEventListener("change", fill);
    return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": app.word("numbers") }, table);
  }
};

function subtractable(app: App): Subtractable[] {
  const found = new Map<string, PublishedResult[]>();
  for (const one of app.publication.results) {
    found.set(subject(one), [...(found.get(subject(one)) ?? []), one]);
  }
  return [...found.values()].flatMap((results) => {
    const grounds = results.filter((one) => one.support === "grid" && one.compare_with === null);
    const changes = results.filter((one) => one.compare_with !== null);
    if (grounds.length < 2 || !changes.some((one) => one.support === "grid")) return [];
    return [{ name: kindName(app, grounds), grounds: new Map(grounds.map((one) => [one.variant, one])), changes }];
  });
}

/** What the design shown has more or less than the other: on the ground, and on faces where that is published. */
async function differencesOf(app: App, of: Subtractable | undefined, other: string): Promise<Loaded[]> {
  const [one, two] = [of?.grounds.get(app.variant), of?.grounds.get(other)];
  if (!of || !one || !two || one === two) return [];
  const [first, second] = await Promise.all([read(one), read(two)]);
  if (first?.support !== "grid" || second?.support !== "grid") return [];
  const classes = of.changes.find((change) => change.support === "grid")!.classes;
  const ground = difference(first, second, { ...one, title: { de: of.name }, classes, compare_with: other });
  const faces = of.changes.find((change) => change.support === "faces" && change.variant === app.variant && change.compare_with === other);
  const walls = faces ? await read(faces) : null;
  return [ground, walls].filter((found) => found !== null);
}
