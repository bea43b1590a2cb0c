// Looking: which design, from where, at what hour, with which result laid over it; a value or a distance where one taps.

import { button, choice, el, field } from "../dom";
import { type Loaded, cellColours, changeOf, classOf, colourOf, read, valueAt } from "../results";
import type { Mount } from "../shell";
import type { Stage } from "../stage/stage";
import { faceLayer, marker, segment } from "../stage/marks";
import type { App, Word } from "../app";
import type { Place, PublishedResult } from "../publication";
import { momentOf, offsetAt, sunPosition } from "../sun";
import { changesOf } from "./changes";

const WINDS: Word[] = ["north_", "northeast", "east_", "southeast", "south", "southwest", "west", "northwest"];

export const mountLook: Mount = (host, app, shell) => {
  const { publication } = app;
  const gone: (() => void)[] = [];
  const changes = el("div", { class: "changes" });
  const tellChanges = (): void => changes.replaceChildren(el("h3", {}, app.word("changes")), changesOf(app));
  host.append(
    el("h2", {}, app.word("look")),
    choice(app.word("variant"), app.variants.map((one) => [one.id, app.text(one.name)]), app.variant, (id) => app.setVariant(id)),
    el("p", { class: "quiet" }, app.word("variantsHint")),
    viewpoints(app),
    sunControls(app, gone),
    ...(publication.results.length ? [layers(app, gone, (text) => shell.announce(text))] : []),
    measuring(app, gone),
    changes,
    el("p", { class: "quiet" }, app.word("moveHint")),
    el("p", { class: "quiet" }, app.word("notPromise")),
  );
  tellChanges();
  gone.push(app.on("variant", tellChanges));
  return () => gone.forEach((one) => one());
};

function viewpoints(app: App): HTMLElement {
  const walk = button(app.word("walk"), () => void app.stage().then((stage) => {
    if (stage.navigation.mode === "walk") stage.navigation.fly();
    else stage.navigation.walk();
    walk.textContent = app.word(stage.navigation.mode === "walk" ? "fly" : "walk");
  }));
  const options = [["", app.word("fromAbove")], ...app.publication.viewpoints.map((one) => [one.id, app.text(one.name)])];
  const select = el("select", {
    onchange: () => void app.stage().then((stage) => {
      const chosen = app.publication.viewpoints.find((one) => one.id === select.value);
      if (chosen) stage.lookFrom(chosen);
      else stage.lookFromAbove();
      walk.textContent = app.word(stage.navigation.mode === "walk" ? "fly" : "walk");
    }),
  }, ...options.map(([value, label]) => el("option", { value: value! }, label!)));
  return el("div", { class: "row" }, field(app.word("viewpoint"), select), walk);
}

function sunControls(app: App, gone: (() => void)[]): HTMLElement {
  const { place } = app.publication;
  const day = el("input", { type: "date", value: app.moment.day, min: "2000-01-01", max: "2049-12-31" });
  const time = el("input", { type: "range", min: 4 * 60, max: 22 * 60, step: 10, value: app.moment.minutes });
  const said = el("p", { class: "quiet", "aria-live": "off" });
  const tell = (): void => {
    const moment = momentOf(app.moment.day, app.moment.minutes, place.time_zone);
    const sun = sunPosition(moment, place.latitude, place.longitude);
    const clock = clockOf(app.moment.minutes);
    time.setAttribute("aria-valuetext", clock);
    const winter = offsetAt(Date.UTC(Number(app.moment.day.slice(0, 4)), 0, 1), place.time_zone);
    const zone = app.word(offsetAt(moment, place.time_zone) > winter ? "summerTime" : "winterTime");
    const direction = app.word(WINDS[Math.round(sun.azimuth / 45) % 8]!);
    said.textContent = sun.elevation > 0
      ? `${clock} (${zone}). ${app.word("sunHint", { elevation: app.number(sun.elevation), direction, clock: "" }).trim()}`
      : `${clock} (${zone}). ${app.word("night")}`;
    void app.stage().then((stage) => stage.setSun(moment));
  };
  day.addEventListener("change", () => { if (day.value) app.setMoment({ ...app.moment, day: day.value }); });
  time.addEventListener("input", () => app.setMoment({ ...app.moment, minutes: Number(time.value) }));
  gone.push(app.on("sun", tell));
  const quick = ["2025-12-21", "2025-03-21", "2025-06-21"].map((one) =>
    button(new Date(`${one}T12:00:00Z`).toLocaleDateString(app.locale, { day: "numeric", month: "long", timeZone: "UTC" }), () => {
      const set = `${(day.value || one).slice(0, 4)}${one.slice(4)}`;
      day.value = set;
      app.setMoment({ ...app.moment, day: set });
    }));
  tell();
  return el("fieldset", {}, el("legend", {}, app.word("sun")), field(app.word("time"), time), said, el("div", { class: "row" }, field(app.word("date"), day), ...quick));
}

export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Which results belong together: the same thing on the same day, for each variant, on ground and faces. */
export function kinds(app: App): Map<string, PublishedResult[]> {
  const found = new Map<string, PublishedResult[]>();
  for (const one of app.publication.results) {
    if (one.support !== "grid" && one.support !== "faces") continue;
    const key = [one.kind, one.when ?? "", one.compare_with ?? "", one.unit].join("|");
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

function layers(app: App, gone: (() => void)[], announce: (text: string) => void): HTMLElement {
  const all = kinds(app);
  const legend = el("div", { class: "legend" });
  const value = el("p", { class: "probe", role: "status" });
  const select = el("select", {}, el("option", { value: "" }, app.word("noLayer")), ...[...all].map(([key, results]) => el("option", { value: key }, kindName(app, results))));
  let shown: Loaded[] = [];
  let asked = 0;
  const put = async (): Promise<void> => {
    const mine = ++asked;
    const results = all.get(select.value) ?? [];
    const stage = await app.stage();
    try {
      const read_ = (await Promise.all(results.map(read))).filter((one) => one !== null);
      if (mine !== asked) return;
      shown = read_;
    } catch (problem) {
      announce(app.word("failed", { what: problem instanceof Error ? problem.message : String(problem) }));
      return;
    }
    drape(stage, shown);
    faces(stage);
    legend.replaceChildren(...(results.length ? [legendOf(app, results[0]!)] : []));
    value.textContent = results.length ? app.word("probe") : "";
    stage.draw();
  };
  const faces = (stage: Stage): void => {
    stage.overlay.clear();
    for (const one of shown) {
      if (one.support === "faces" && one.result.variant === app.variant) stage.overlay.add(faceLayer(one, (number) => changeOf(one.result, number) === 0 ? undefined : colourOf(one.result.classes, number)));
    }
  };
  select.addEventListener("change", () => void put());
  gone.push(app.on("variant", () => void app.stage().then((stage) => { faces(stage); stage.draw(); })));
  gone.push(onTap(app, (place, stage) => {
    const here = shown.filter((one) => one.result.variant === app.variant);
    if (!here.length) return;
    const found = here.map((one) => ({ one, number: valueAt(one, place) })).filter(({ number }) => !Number.isNaN(number)).sort((a, b) => Number(b.one.support === "faces") - Number(a.one.support === "faces"))[0];
    value.textContent = found ? tellValue(app, found.one.result, found.number) : app.word("noValue");
    stage.overlay.getObjectByName("probe")?.removeFromParent();
    stage.overlay.add(marker(place, 0x111111, "probe"));
    stage.draw();
  }));
  gone.push(() => void app.stage().then((stage) => { stage.overlay.clear(); stage.drape.set([]); stage.draw(); }));
  return el("fieldset", {}, el("legend", {}, app.word("layers")), field(app.word("layers"), select), value, legend);
}

/** Lays the results of a grid over the ground. */
export function drape(stage: Stage, shown: Loaded[]): void {
  stage.drape.set(shown.flatMap((one) => (one.support === "grid" ? [{ ...one, variant: one.result.variant, colours: cellColours(one) }] : [])));
}

/** "3,4 h · Besonnungsdauer am 21. März"; where there is no unit, the name of the class; a change with its sign and its class. */
export function tellValue(app: App, result: PublishedResult, number: number): string {
  const label = app.text(classOf(result.classes, number)?.label);
  const size = result.unit && `${app.number(Math.abs(number), Math.abs(number) < 100 ? 1 : 0)} ${result.unit}`;
  const change = changeOf(result, number);
  if (change !== undefined && size) return `${change < 0 ? "−" : change > 0 ? "+" : "±"}${size} (${label}) · ${app.text(result.title)}`;
  return `${size ? (number < 0 ? "−" : "") + size : label} · ${app.text(result.title)}`;
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

/** Calls back when somebody taps on the model, and not when they turn it. Returns what ends it. */
export function onTap(app: App, tapped: (place: Place, stage: Stage, object: string | null, normal: Place) => void): () => void {
  let [ended, end] = [false, (): void => undefined];
  void app.stage().then((stage) => {
    if (ended) return;
    let down = { x: 0, y: 0 };
    const press = (event: PointerEvent): void => void (down = { x: event.clientX, y: event.clientY });
    const release = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > 6) return;
      const found = stage.pick(event.clientX, event.clientY);
      if (found) tapped(found.place, stage, found.object, found.normal);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== "Enter") return;
      const box = stage.canvas.getBoundingClientRect(); // by keys one points with the middle of the view
      const found = stage.pick(box.left + box.width / 2, box.top + box.height / 2);
      if (found) tapped(found.place, stage, found.object, found.normal);
    };
    stage.canvas.addEventListener("pointerdown", press);
    stage.canvas.addEventListener("pointerup", release);
    stage.canvas.addEventListener("keydown", key);
    end = () => {
      stage.canvas.removeEventListener("pointerdown", press);
      stage.canvas.removeEventListener("pointerup", release);
      stage.canvas.removeEventListener("keydown", key);
    };
  });
  return () => { ended = true; end(); };
}

function measuring(app: App, gone: (() => void)[]): HTMLElement {
  const said = el("p", { role: "status" });
  let [stop, first] = [null as (() => void) | null, null as Place | null];
  const end = (): void => {
    stop?.();
    stop = first = null;
    start.textContent = app.word("measure");
    void app.stage().then((stage) => { stage.overlay.getObjectByName("measure")?.removeFromParent(); stage.draw(); });
  };
  const start = button(app.word("measure"), () => {
    if (stop) { said.textContent = ""; return end(); }
    start.textContent = app.word("stop");
    said.textContent = app.word("measureFrom");
    stop = onTap(app, (place, stage) => {
      stage.overlay.getObjectByName("measure")?.removeFromParent();
      if (!first) {
        first = place;
        stage.overlay.add(marker(place, 0xd55e00, "measure"));
        said.textContent = app.word("measureTo");
      } else {
        stage.overlay.add(segment(first, place));
        const [length, height] = [Math.hypot(place[0] - first[0], place[1] - first[1]), place[2] - first[2]];
        said.textContent = app.word("measured", { length: app.number(length, 1), height: app.number(height, 1) });
        first = null;
      }
      stage.draw();
    });
  });
  gone.push(() => stop && end());
  return el("div", { class: "row" }, start, said);
}
