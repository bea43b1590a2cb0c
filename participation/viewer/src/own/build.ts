// A visitor's own design: houses placed, dragged and changed in the plan area, with figures and rules that follow at once.

import * as THREE from "three";

import type { App, Word } from "../app";
import { MOST_VARIANTS } from "../contribution";
import { button, el, field } from "../dom";
import { type Broken, brokenRules, type FigureKey, figuresOf, standing } from "../figures";
import { jsonOf } from "../files";
import { type Ground, heightAt } from "../ground";
import { type Point, type Polygon, area, asRectangle, centroid, contains, intersection, placed, rectangle, tenthOfMillimetre } from "../polygons";
import type { Builder, Variant } from "../publication";
import { onTap } from "../sections/look";
import { words } from "../sections/words";
import type { Mount } from "../shell";
import { fromThree, type Stage } from "../stage/stage";
import { isPlain } from "../storeys";
import { body } from "./body";
import { History } from "./history";
import { type Block, type GeoJson, type Proposal, type RoofKind, fromGeoJson, mayHavePitch, newBlock, newId, standsBack, toGeoJson } from "./proposal";

const OWN = 0xcc79a7;
const SHOWN: { key: FigureKey; decimals: number; unit: string; limit?: "grz" | "gfz" | "storeys" }[] = [
  { key: "grz_main", decimals: 2, unit: "", limit: "grz" }, { key: "gfz", decimals: 2, unit: "", limit: "gfz" },
  { key: "dwellings", decimals: 0, unit: "" }, { key: "residents", decimals: 0, unit: "" },
  { key: "full_storeys", decimals: 0, unit: "", limit: "storeys" }, { key: "height", decimals: 1, unit: "m" },
  { key: "gf", decimals: 0, unit: "m²" }, { key: "trees_planted", decimals: 0, unit: "" },
];
const KINDS: { word: Word; width: number; depth: number; storeys: number; roof: RoofKind; pitch: number }[] = [
  { word: "addHouse", width: 12, depth: 10, storeys: 2, roof: "gable", pitch: 40 },
  { word: "addRow", width: 40, depth: 12, storeys: 4, roof: "flat", pitch: 0 },
  { word: "addPoint", width: 18, depth: 18, storeys: 6, roof: "flat", pitch: 0 },
];
const ROOFS: RoofKind[] = ["flat", "gable", "hip", "shed", "half-hip"];
const NUDGE = 0.5; // metres a key press moves
const TURN = 5; // degrees

export const mountBuild: Mount = (host, app, shell) => {
  const { builder } = app.publication;
  if (!builder) return void host.append(el("h2", {}, app.word("build")), el("p", {}, app.word("buildNone")));
  const bench = new Workbench(host, app, builder, (text) => shell.announce(text));
  void bench.open();
  return () => bench.close();
};

/** Kept while one looks at other sections. */
let history: History<Proposal> | null = null;

class Workbench {
  private selected: string | null = null;
  private ground: Ground | null = null;
  private stage: Stage | null = null;
  /** Blocks of the design that this one is based on, as they were published. */
  private published = new Map<string, Block>();
  private readonly figures = el("div", { class: "live", "aria-live": "polite" });
  private readonly rules = el("div", { class: "rules" });
  private readonly form = el("fieldset", {});
  private readonly list = el("fieldset", {});
  private readonly steps = el("div", { class: "row" });
  private readonly existing = el("details", {});
  private readonly trees = el("div", { class: "row" });
  private closed = false;
  private readonly gone: (() => void)[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly app: App,
    private readonly builder: Builder,
    private readonly announce: (text: string) => void,
  ) {}

  async open(): Promise<void> {
    const { app, host } = this;
    host.append(el("h2", {}, app.word("build")), el("p", {}, app.word("buildIntro")));
    if (!history) return this.offer();
    await this.work();
  }

  close(): void {
    this.closed = true;
    this.gone.forEach((one) => one());
    this.stage?.showOwn(null);
  }

  /** What to begin with: today, or one of the designs. */
  private offer(): void {
    const { app } = this;
    const options = app.variants.filter((one) => one.id === "bestand" || one.geojson);
    const from = el("select", {}, ...options.map((one) => el("option", { value: one.id, selected: one.id === app.variant }, app.text(one.name))));
    const begin = el("div", { class: "row" }, field(app.word("buildFrom"), from), button(app.word("buildBegin"), () => {
      void (async () => {
        const variant = options.find((one) => one.id === from.value)!;
        history = new History(await this.basedOn(variant));
        begin.remove();
        await this.work();
      })();
    }, { class: "primary" }));
    this.host.append(begin);
  }

  private async basedOn(variant: Variant): Promise<Proposal> {
    const { place } = this.app.publication;
    const found = variant.geojson ? fromGeoJson(await jsonOf<GeoJson>(variant.geojson.url), place) : null;
    const id = `eigen-${newId()}`;
    if (!found) return { id, name: "", basedOn: variant.id, reason: "", blocks: [], removed: [], spaces: [], planted: [], felled: [], extra: {} };
    return { ...found, id, name: "", basedOn: variant.id, reason: "" };
  }

  private get proposal(): Proposal {
    return history!.now;
  }

  private async work(): Promise<void> {
    const { app, host } = this;
    const base = app.publication.variants.find((one) => one.id === this.proposal.basedOn);
    [this.ground, this.stage] = await Promise.all([app.ground(), app.stage()]);
    if (base?.geojson) {
      const was = fromGeoJson(await jsonOf<GeoJson>(base.geojson.url), app.publication.place);
      this.published = new Map(was.blocks.map((block) => [block.id, block]));
      await this.stage.ready(base.id);
    }
    if (this.closed) return;
    host.append(
      this.steps,
      this.figures,
      this.rules,
      this.adding(),
      this.trees,
      this.form,
      this.list,
      this.existing,
      el("p", { class: "quiet" }, app.word("dragHint")),
      this.keeping(),
    );
    this.pointer();
    this.show();
  }

  /** Puts a changed proposal up, as one step that can be taken back. together : one with the last step where that had the same name. */
  private change(next: Partial<Proposal>, together = ""): void {
    history!.put({ ...this.proposal, ...next }, together);
    this.show();
  }

  private changeBlock(id: string, next: Partial<Block>, together = ""): void {
    this.change({ blocks: this.proposal.blocks.map((one) => (one.id === id ? { ...one, ...next } : one)) }, together && `${together} ${id}`);
  }

  private nameOf(id: string): string {
    const k = this.proposal.blocks.findIndex((one) => one.id === id);
    return this.proposal.blocks[k]?.name || this.app.word("house", { n: k + 1 });
  }

  // What is seen

  private show(): void {
    const { app, builder } = this;
    if (!this.proposal.blocks.some((one) => one.id === this.selected)) this.selected = null;
    this.draw();
    const figures = figuresOf(this.proposal, builder.land, this.ground);
    this.figures.replaceChildren(...SHOWN.map(({ key, decimals, unit, limit }) => {
      const most = limit ? builder.land.limits[limit] : null;
      const over = most !== null && figures[key] > most + 1e-9;
      return el("div", { class: over ? "over" : null },
        el("span", {}, app.word(`fig_${key}` as Word)),
        el("strong", {}, `${app.number(figures[key], decimals)} ${unit}`.trim()),
        most === null ? "" : el("small", {}, app.word("allowed", { most: app.number(most, decimals) })));
    }));
    const broken = brokenRules(this.proposal, figures, builder.land, this.ground);
    this.rules.replaceChildren(
      el("h3", {}, app.word("rulesTitle")),
      broken.length ? el("ul", {}, ...broken.map((one) => el("li", {}, this.sentence(one)))) : el("p", {}, app.word("rulesOk")),
      broken.length ? el("p", { class: "quiet" }, app.word("rulesHint")) : "",
    );
    this.steps.replaceChildren(
      button(app.word("undo"), () => { history!.back(); this.show(); }, { disabled: !history!.canGoBack }),
      button(app.word("redo"), () => { history!.forth(); this.show(); }, { disabled: !history!.canGoForth }),
    );
    this.showList();
    this.showForm();
    this.showExisting();
    const { length } = this.proposal.planted;
    this.trees.replaceChildren(...(length ? [el("p", {}, app.word("treesOwn", { n: length })), button(app.word("lastTree"), () => this.change({ planted: this.proposal.planted.slice(0, -1) }))] : []));
  }

  private sentence(broken: Broken): string {
    const decimals = broken.rule === "height" ? 1 : broken.rule === "storeys" || broken.rule === "outside" || broken.rule === "overlap" ? 0 : 2;
    return this.app.word(`rule_${broken.rule}`, {
      value: this.app.number(broken.value, decimals),
      most: "most" in broken ? this.app.number(broken.most, decimals) : "",
      block: "block" in broken ? this.nameOf(broken.block) : "",
      other: "other" in broken ? this.nameOf(broken.other) : "",
    });
  }

  private draw(): void {
    const group = new THREE.Group();
    for (const block of this.proposal.blocks) {
      if (!block.storeys) continue;
      const { base } = standing(block, this.ground);
      if (Number.isNaN(base)) continue;
      const was = this.published.get((block.extra["copy_of"] as string | undefined) ?? block.id);
      const node = was && !isPlain(block) ? this.stage!.blockNode(this.proposal.basedOn, was.id) : undefined;
      group.add(body(block, base, OWN, block.id === this.selected, was && node ? { block: was, base: standing(was, this.ground).base, node } : undefined));
    }
    const planted: Variant["planted"] = this.proposal.planted.map((tree) => [...tree.position, this.heightAt(tree.position), tree.height, tree.crown, "broadleaf"]);
    const felled = this.app.publication.variants.find((one) => one.id === this.proposal.basedOn)?.felled ?? [];
    this.stage!.showOwn({ group, removed: this.proposal.removed, felled, planted });
  }

  private heightAt(point: Point): number {
    const height = this.ground ? heightAt(this.ground, point) : NaN;
    return Number.isNaN(height) ? (this.stage!.groundAt(...point) ?? this.app.publication.place.bounds[2]) : height;
  }

  private showList(): void {
    const { app } = this;
    this.list.replaceChildren(
      el("legend", {}, app.word("blockList")),
      el("div", { class: "actions" }, ...this.proposal.blocks.map((block) =>
        button(`${this.nameOf(block.id)} · ${block.storeys}`, () => this.select(block.id === this.selected ? null : block.id), {
          "aria-pressed": String(block.id === this.selected), "data-block": block.id,
        }))),
    );
    this.list.hidden = !this.proposal.blocks.length;
  }

  private showExisting(): void {
    const { app } = this;
    const { existing } = this.builder.land;
    this.existing.hidden = !existing.length;
    this.existing.replaceChildren(
      el("summary", {}, `${app.word("existingTitle")} (${existing.length})`),
      el("ul", { class: "draft" }, ...existing.map((one, k) => {
        const down = this.proposal.removed.includes(one.id);
        return el("li", {}, el("span", {}, app.word("house", { n: k + 1 })), button(app.word(down ? "keepStanding" : "tearDown"), () =>
          this.change({ removed: down ? this.proposal.removed.filter((id) => id !== one.id) : [...this.proposal.removed, one.id] }), { class: "small", "aria-pressed": String(down) }));
      })),
    );
  }

  private showForm(): void {
    const { app, builder } = this;
    const block = this.proposal.blocks.find((one) => one.id === this.selected);
    const focused = (document.activeElement as HTMLElement | null)?.dataset["key"];
    if (!block) {
      this.form.replaceChildren(el("legend", {}, app.word("selected")), el("p", { class: "quiet" }, app.word("nothingSelected")));
      return;
    }
    const sides = asRectangle(block.footprint);
    const number = (key: string, label: string, value: number, step: number, least: number, most: number, put: (value: number) => void): HTMLElement => {
      const input = el("input", { type: "number", value: Math.round(value * 100) / 100, step, min: least, max: most, "data-key": key });
      input.addEventListener("change", () => { const typed = input.valueAsNumber; if (Number.isFinite(typed)) put(Math.min(most, Math.max(least, typed))); else this.show(); });
      return field(label, input);
    };
    const storeys = el("output", {}, String(block.storeys));
    const most = Math.max(builder.max_storeys, block.storeys);
    const [x, y] = centroid(block.footprint);
    const use = el("select", { "data-key": "use", onchange: () => this.changeBlock(block.id, { use: use.value, storey_uses: [] }) },
      ...builder.uses.map((one) => el("option", { value: one.id, selected: one.id === block.use }, app.text(one.label))),
      ...(builder.uses.some((one) => one.id === block.use) ? [] : [el("option", { value: block.use, selected: true }, block.use)]));
    const kinds: RoofKind[] = mayHavePitch(block) && !standsBack(block) ? ROOFS : ["flat"];
    const roof = el("select", { "data-key": "roof", onchange: () => this.setRoof(block, roof.value as RoofKind) },
      ...[...new Set([...kinds, block.roof.kind])].map((kind) => el("option", { value: kind, selected: kind === block.roof.kind }, app.word(kind))));
    this.form.replaceChildren(
      el("legend", {}, `${app.word("selected")}: ${this.nameOf(block.id)}`),
      el("div", { class: "field" }, el("span", { id: "storeys-label" }, app.word("storeys")),
        el("div", { class: "stepper", role: "group", "aria-labelledby": "storeys-label" },
          button("−", () => this.setStoreys(block, -1), { "aria-label": `${app.word("storeys")}: ${app.word("less")}`, "data-key": "less", disabled: block.storeys <= (standsBack(block) ? 2 : 1) }),
          storeys,
          button("+", () => this.setStoreys(block, 1), { "aria-label": `${app.word("storeys")}: ${app.word("more")}`, "data-key": "more", disabled: block.storeys >= most }))),
      el("div", { class: "row" }, field(app.word("roof"), roof), block.roof.kind !== "flat" && mayHavePitch(block) && isPlain(block)
        ? number("pitch", `${app.word("pitch")} (${app.word("degrees")})`, block.roof.pitch, 1, 3, 60, (pitch) => this.changeBlock(block.id, { roof: { ...block.roof, pitch } }))
        : "", field(app.word("use"), use)),
      ...(sides && isPlain(block) ? [el("div", { class: "row" },
        number("width", `${app.word("width")} (m)`, sides.width, 0.5, 3, 120, (width) => this.reshape(block, { ...sides, width })),
        number("depth", `${app.word("depth")} (m)`, sides.depth, 0.5, 3, 60, (depth) => this.reshape(block, { ...sides, depth })),
        number("turn", `${app.word("turn")} (°)`, sides.turn, 1, 0, 180, (turn) => this.turn(block, turn - sides.turn)))] : []),
      el("div", { class: "row" },
        number("x", `${app.word("east")} (m)`, x - this.anchor()[0], 0.5, -2000, 2000, (to) => this.move(block, [to + this.anchor()[0] - x, 0])),
        number("y", `${app.word("north")} (m)`, y - this.anchor()[1], 0.5, -2000, 2000, (to) => this.move(block, [0, to + this.anchor()[1] - y]))),
      el("div", { class: "actions" },
        button(app.word("copy"), () => this.copy(block), { "data-key": "copy" }),
        button(app.word("delete"), () => this.remove(block), { "data-key": "delete" })),
    );
    if (focused) this.form.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus(); // the form is new, the visitor's place in it is not
  }

  /** South-western corner of the land, from which places are typed. */
  private anchor(): Point {
    const ring = this.builder.land.whole.flatMap((polygon) => polygon[0]!);
    return [Math.min(...ring.map((one) => one[0])), Math.min(...ring.map((one) => one[1]))];
  }

  // What is done

  private select(id: string | null): void {
    this.selected = id;
    this.show();
  }

  private setStoreys(block: Block, by: number): void {
    const now = this.proposal.blocks.find((one) => one.id === block.id)!;
    const most = Math.max(this.builder.max_storeys, block.storeys);
    this.changeBlock(block.id, { storeys: Math.min(most, Math.max(standsBack(block) ? 2 : 1, now.storeys + by)) });
  }

  private setRoof(block: Block, kind: RoofKind): void {
    const pitch = kind === "flat" ? 0 : kind === "shed" ? 12 : Math.max(block.roof.pitch, 35);
    this.changeBlock(block.id, { roof: { ...block.roof, kind, pitch, ridge: null, parapet: kind === "flat" ? block.roof.parapet : 0 } });
  }

  private reshape(block: Block, sides: Parameters<typeof rectangle>[0]): void {
    this.changeBlock(block.id, { footprint: rectangle(sides) });
  }

  private move(block: Block, by: Point, together = ""): void {
    this.changeBlock(block.id, { footprint: placed(block.footprint, [0, 0], 0, by) }, together);
  }

  private turn(block: Block, degrees: number, together = ""): void {
    const ridge = block.roof.ridge === null ? null : block.roof.ridge - degrees;
    this.changeBlock(block.id, { footprint: placed(block.footprint, centroid(block.footprint), degrees), roof: { ...block.roof, ridge } }, together);
  }

  private copy(block: Block): void {
    const id = newId();
    const [west, , east] = [Math.min(...block.footprint[0]!.map((one) => one[0])), 0, Math.max(...block.footprint[0]!.map((one) => one[0]))];
    const extra = isPlain(block) ? block.extra : { ...block.extra, copy_of: block.extra["copy_of"] ?? block.id };
    const made: Block = { ...block, id, name: "", extra, footprint: placed(block.footprint, [0, 0], 0, [east - west + 4, 0]) };
    this.selected = id;
    this.change({ blocks: [...this.proposal.blocks, made] });
  }

  private remove(block: Block): void {
    this.change({ blocks: this.proposal.blocks.filter((one) => one.id !== block.id) });
  }

  private adding(): HTMLElement {
    const { app } = this;
    const add = (kind: (typeof KINDS)[number]): void => {
      const { whole } = this.builder.land;
      const form = { width: kind.width, depth: kind.depth, turn: this.mainTurn(whole[0]!) };
      const footprint = this.free(centroid(whole[0]!), (centre) => rectangle({ ...form, centre }));
      const block = newBlock({
        footprint, storeys: kind.storeys, use: this.builder.uses[0]?.id ?? "wohnen", ground_floor_height: this.builder.ground_floor_height,
        storey_height: this.builder.storey_height, roof: { kind: kind.roof, pitch: kind.pitch, ridge: null, parapet: 0, upper_pitch: 30 },
      });
      this.selected = block.id;
      this.change({ blocks: [...this.proposal.blocks, block] });
    };
    const tree = button(app.word("addTree"), () => {
      this.announce(app.word("treeHint"));
      const stop = onTap(app, (place) => {
        stop();
        const position: Point = [tenthOfMillimetre(place[0]), tenthOfMillimetre(place[1])];
        this.change({ planted: [...this.proposal.planted, { id: newId(), position, species: "", height: 12, crown: 7, extra: {} }] });
      });
      this.gone.push(stop);
    });
    return el("fieldset", {}, el("legend", {}, app.word("addTitle")), el("div", { class: "actions" }, ...KINDS.map((kind) => button(app.word(kind.word), () => add(kind))), tree));
  }

  /** The form at the place nearest to the middle of the land where it lies on the land and no house stands; in the middle where there is none. */
  private free(middle: Point, form: (centre: Point) => Polygon): Polygon {
    const { whole } = this.builder.land;
    const STEP = 5;
    const [RINGS, CLEAR] = [30, 2];
    for (let ring = 0; ring < RINGS; ring++) {
      const places = Math.max(1, ring * 6);
      for (let k = 0; k < places; k++) {
        const angle = (k / places) * 2 * Math.PI;
        const tried = form([middle[0] + Math.cos(angle) * ring * STEP, middle[1] + Math.sin(angle) * ring * STEP]);
        const inside = tried[0]!.every((corner) => whole.some((polygon) => contains(polygon, corner)));
        if (inside && this.proposal.blocks.every((one) => !area(intersection([one.footprint], [grown(tried, CLEAR)])))) return tried;
      }
    }
    return form(middle);
  }

  /** The direction of the land's longest edge, so that a new house stands along it. */
  private mainTurn(polygon: Polygon): number {
    const ring = polygon[0]!;
    let [best, turn] = [0, 0];
    for (let k = 0; k + 1 < ring.length; k++) {
      const [dx, dy] = [ring[k + 1]![0] - ring[k]![0], ring[k + 1]![1] - ring[k]![1]];
      if (Math.hypot(dx, dy) > best) [best, turn] = [Math.hypot(dx, dy), (Math.atan2(dy, dx) * 180) / Math.PI];
    }
    return turn;
  }

  private keeping(): HTMLElement {
    const { app } = this;
    const name = el("input", { type: "text", maxlength: 80, value: this.proposal.name });
    const reason = words(app, app.word("reasonOwn"), this.proposal.reason);
    return el("section", {}, field(app.word("nameOwn"), name), reason.element, button(app.word("keepOwn"), () => {
      const kept = { ...this.proposal, name: name.value.trim() || app.word("build"), reason: reason.value() };
      if (app.draft.variants.filter((one) => one["id"] !== kept.id).length >= MOST_VARIANTS) return this.announce(app.word("tooMany"));
      history!.put(kept, "name");
      app.say((draft) => {
        draft.variants = [...draft.variants.filter((one) => one["id"] !== kept.id), toGeoJson(kept, app.publication.place, `#${OWN.toString(16)}`)];
      });
      this.announce(app.word("keptOwn"));
    }, { class: "primary" }));
  }

  // By mouse, finger and keys on the model

  private pointer(): void {
    const { canvas } = this.stage!;
    let drag: { block: Block; from: Point; plane: THREE.Plane } | null = null;
    const down = (event: PointerEvent): void => {
      const found = this.stage!.pick(event.clientX, event.clientY);
      const block = found?.kind === "block" ? this.proposal.blocks.find((one) => one.id === found.object) : undefined;
      if (!block || !found) return;
      this.stage!.navigation.hold(true);
      canvas.setPointerCapture(event.pointerId);
      const [x, y, z] = found.place;
      drag = { block, from: [x, y], plane: new THREE.Plane(new THREE.Vector3(0, 1, 0), -z) };
      if (this.selected !== block.id) this.select(block.id);
    };
    const move = (event: PointerEvent): void => {
      if (!drag) return;
      const point = this.stage!.onPlane(event.clientX, event.clientY, drag.plane);
      if (!point) return;
      const [x, y] = fromThree(point);
      const by: Point = [Math.round((x - drag.from[0]) * 10) / 10, Math.round((y - drag.from[1]) * 10) / 10];
      if (Math.hypot(...by) < 0.1) return;
      this.move(drag.block, by, "drag");
    };
    const up = (): void => {
      if (!drag) return;
      drag = null;
      history!.close();
      this.stage!.navigation.hold(false);
    };
    const key = (event: KeyboardEvent): void => {
      const block = this.proposal.blocks.find((one) => one.id === this.selected);
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        if (event.shiftKey) history!.forth();
        else history!.back();
        return this.show();
      }
      if (!block || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = event.shiftKey ? NUDGE * 10 : NUDGE;
      const done: Record<string, () => void> = {
        ArrowUp: () => this.move(block, [0, step], "keys"), ArrowDown: () => this.move(block, [0, -step], "keys"),
        ArrowLeft: () => this.move(block, [-step, 0], "keys"), ArrowRight: () => this.move(block, [step, 0], "keys"),
        q: () => this.turn(block, TURN, "turn"), e: () => this.turn(block, -TURN, "turn"),
        "+": () => this.setStoreys(block, 1), "-": () => this.setStoreys(block, -1),
        Delete: () => this.remove(block), Escape: () => this.select(null),
      };
      const act = done[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    };
    canvas.addEventListener("pointerdown", down, true);
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("keydown", key, true);
    this.gone.push(() => {
      up();
      canvas.removeEventListener("pointerdown", down, true);
      canvas.removeEventListener("pointermove", move);
      canvas.removeEventListener("pointerup", up);
      canvas.removeEventListener("pointercancel", up);
      canvas.removeEventListener("keydown", key, true);
    });
  }
}

/** A rectangle that is larger by so many metres on each side. */
function grown(polygon: Polygon, by: number): Polygon {
  const sides = asRectangle(polygon)!;
  return rectangle({ ...sides, width: sides.width + 2 * by, depth: sides.depth + 2 * by });
}
