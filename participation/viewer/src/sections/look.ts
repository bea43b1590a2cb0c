// Looking: which design, from where, at what hour, with which result laid over it; a value or a distance where one taps.

import { button, choice, el, field } from "../dom";
import { type Loaded, read } from "../results";
import type { Mount } from "../shell";
import type { Stage } from "../stage/stage";
import { marker, segment } from "../stage/marks";
import type { App } from "../app";
import type { Place } from "../publication";
import { momentOf, offsetAt, sunPosition } from "../sun";
import { changesOf } from "./changes";
import { closestFirst, kindName, kinds, lay, legendOf, probe, tableOf } from "./layers";
import { section } from "./section";
import { WINDS } from "./words";

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
    section(app, gone, (text) => shell.announce(text)),
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

function layers(app: App, gone: (() => void)[], announce: (text: string) => void): HTMLElement {
  const all = kinds(app);
  const [legend, values] = [el("div", { class: "legend" }), el("div", {})];
  const value = el("p", { class: "probe", role: "status" });
  const select = el("select", {}, el("option", { value: "" }, app.word("noLayer")), ...[...all].map(([key, results]) => el("option", { value: key }, kindName(app, results))));
  let shown: Loaded[] = [];
  let asked = 0;
  const here = (): Loaded[] => closestFirst(shown.filter((one) => one.result.variant === app.variant));
  const put = async (): Promise<void> => {
    const mine = ++asked;
    const results = all.get(select.value) ?? [];
    const stage = await app.stage();
    try {
      const found = await Promise.all(results.map(read));
      if (mine !== asked) return;
      shown = found;
    } catch (problem) {
      announce(app.failed(problem));
      return;
    }
    legend.replaceChildren(...(results.length ? [legendOf(app, results[0]!)] : []));
    again(stage);
  };
  const again = (stage: Stage): void => {
    lay(stage, shown, app.variant);
    values.replaceChildren(tableOf(app, here()) ?? "");
    value.textContent = here().length ? app.word("probe") : shown.length ? app.word("notForThis") : "";
  };
  select.addEventListener("change", () => void put());
  gone.push(app.on("variant", () => void app.stage().then(again)));
  gone.push(onTap(app, (place, stage) => { if (here().length) value.textContent = probe(app, stage, here(), place); }));
  gone.push(() => void app.stage().then((stage) => lay(stage, [], app.variant)));
  return el("fieldset", {}, el("legend", {}, app.word("layers")), field(app.word("layers"), select), value, legend, values);
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
    void app.stage().then((stage) => { stage.takeOff("measure"); });
  };
  const start = button(app.word("measure"), () => {
    if (stop) { said.textContent = ""; return end(); }
    start.textContent = app.word("stop");
    said.textContent = app.word("measureFrom");
    stop = onTap(app, (place, stage) => {
      stage.takeOff("measure");
      if (!first) {
        first = place;
        stage.overlay.add(marker(place, 0xd55e00, "measure"));
        said.textContent = app.word("measureTo");
      } else {
        stage.overlay.add(segment(first, place, "measure"));
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
