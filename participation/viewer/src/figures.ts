// Key figures of a proposal on its plan area, by the formulas of jena_city/metrics.py; tests hold both together.

import { type Block, type Proposal, countedAs, eavesHeight } from "./own/proposal";
import { type Ground, alongOutline, baseOf, mean } from "./ground";
import { type Polygon, type Shape, area, contains, difference, intersection, polygonArea, union } from "./polygons";
import { type Law, type Measured, atticArea, atticLiving, isSmallDwelling, riseOf, storeysOf, usedStoreys } from "./storeys";

/** What of jena_city/assumptions.py the page needs. */
export interface Assumptions {
  ceiling: number;
  living_share: number;
  dwelling: number;
  residents: number;
  living: Record<string, number>;
  job: Record<string, number>;
  cars: number;
  bikes: number;
  business_cars: number;
  business_bikes: number;
  small_dwelling_clear: number | null;
}

export interface Limits {
  grz: number | null;
  gfz: number | null;
  storeys: number | null;
  /** metres above the ground that a block may reach */
  height: number | null;
}

/** The land a proposal is for, and what stands on it today. */
export interface Land {
  name: string;
  whole: Shape;
  /** public land that does not count, by the variant a proposal is based on */
  public: Record<string, Shape>;
  limits: Limits;
  cap: number;
  excess: number;
  /** whether figures are of a plan area, whose density is of gross land too */
  gross: boolean;
  existing: { id: string; shape: Shape; storeys: number }[];
  law: Law;
  small: { flats: number; floor: number; area: number };
  assumptions: Assumptions;
  rooms_count: boolean;
  /** by variant and block: what Python measured */
  measured: Record<string, Record<string, Measured>>;
}

export type FigureKey =
  | "plot_area" | "grz_main" | "grz_total" | "gfz" | "gf" | "full_storeys" | "bgf" | "living_area" | "dwellings" | "residents" | "jobs"
  | "cars" | "bikes" | "height" | "trees_planted";

export type Figures = Record<FigureKey, number>;

const TOUCHES = 1e-6; // share of a block that must lie on the land

/** Where a block stands, and the mean height of the ground along its walls; the base where no ground is known. */
export function standing(block: Block, ground: Ground | null): { base: number; ground: number } {
  const base = block.base ?? (ground ? baseOf(ground, block.footprint, block.base_rule) : NaN);
  const along = ground ? alongOutline(ground, block.footprint).filter(Number.isFinite) : [];
  return { base, ground: along.length ? mean(along) : base };
}

/** All figures of the part of a proposal that lies on the land. */
export function figuresOf(proposal: Proposal, land: Land, ground: Ground | null): Figures {
  const given = land.assumptions;
  const net = difference(land.whole, land.public[proposal.basedOn] ?? []);
  const plot = area(net);
  const there = land.existing.filter((one) => !proposal.removed.includes(one.id));
  const bodies = proposal.blocks
    .map((block) => ({ block, share: area(intersection([block.footprint], land.whole)) / polygonArea(block.footprint) }))
    .filter(({ share }) => share > TOUCHES);
  const covered = (accepted: (kind: string) => boolean): number => {
    const spaces = proposal.spaces.filter((one) => accepted(countedSpace(one.kind, one.counts_as)));
    const shapes: Polygon[] = [...there.flatMap((one) => one.shape), ...spaces.map((one) => one.shape)];
    shapes.push(...bodies.filter(({ block }) => accepted(countedAs(block))).map(({ block }) => block.footprint));
    return area(intersection(union(shapes), net));
  };
  const main = covered((kind) => kind === "hauptanlage");
  const total = covered((kind) => kind !== "");
  const stay = there.reduce((sum, one) => sum + one.storeys * area(intersection(one.shape, net)), 0);

  const sums = { floors: 0, rooms: 0, bgf: 0, living: 0, flats: 0, jobs: 0, business: 0 };
  let [storeys, height] = [0, 0];
  for (const { block, share } of bodies) {
    const measured = land.measured[proposal.basedOn]?.[block.id];
    const at = standing(block, ground);
    const small = given.small_dwelling_clear !== null && isSmallDwelling(block, land.small);
    const law = small ? { ...land.law, clear: given.small_dwelling_clear! } : land.law;
    const all = storeysOf(block, at.base, at.ground, law, given.ceiling, measured);
    const full = all.filter((one) => one.full);
    const isMain = countedAs(block) === "hauptanlage";
    if (isMain) sums.floors += share * full.reduce((sum, one) => sum + one.area, 0);
    storeys = Math.max(storeys, full.length);
    const used = usedStoreys(block, all);
    sums.bgf += share * used.reduce((sum, one) => sum + one.area, 0);
    let living = 0;
    for (const storey of isMain ? used.filter((one) => !one.underground) : []) {
      const homes = given.living[storey.use] ?? 0;
      living += homes * given.living_share * (storey.attic ? atticLiving(block, measured) : storey.area);
      if (homes < 1) {
        sums.business += share * (1 - homes) * storey.area;
        sums.jobs += (share * (1 - homes) * storey.area) / (given.job[storey.use] ?? Infinity);
      }
    }
    sums.living += share * living;
    sums.flats += share * (block.dwellings ?? living / given.dwelling);
    const top = at.base + eavesHeight(block) + (riseOf(block) ?? measured?.rise ?? 0);
    height = Math.max(height, top - (block.reference ?? at.base));
    const attic = all.find((one) => one.attic);
    if (land.rooms_count && isMain && attic && !attic.full && block.attic_used) {
      sums.rooms += share * (block.attic_rooms ?? atticArea(block, law.clear, measured?.high));
    }
  }
  return {
    plot_area: plot,
    grz_main: main / plot,
    grz_total: total / plot,
    gfz: (sums.floors + stay + sums.rooms) / plot,
    gf: sums.floors,
    full_storeys: storeys,
    bgf: sums.bgf,
    living_area: sums.living,
    dwellings: sums.flats,
    residents: sums.flats * given.residents,
    jobs: sums.jobs,
    cars: sums.flats * given.cars + (sums.business / 100) * given.business_cars,
    bikes: sums.flats * given.bikes + (sums.business / 100) * given.business_bikes,
    height,
    trees_planted: proposal.planted.filter((tree) => land.whole.some((polygon) => contains(polygon, tree.position))).length,
  };
}

/** What an open space counts as in the Grundfläche, "" as nothing: see SPACE_COUNTS in jena_city/variant.py. */
function countedSpace(kind: string, stated: string | null): string {
  if (stated === "nothing") return "";
  return stated ?? ({ parking: "garage", terrace: "hauptanlage" } as Record<string, string>)[kind] ?? "";
}

export type Broken =
  | { rule: "grz" | "grz_total" | "gfz" | "storeys"; most: number; value: number }
  | { rule: "height"; most: number; value: number; block: string }
  | { rule: "outside"; value: number; block: string }
  | { rule: "overlap"; value: number; block: string; other: string };

/** What a proposal breaks, and by how much: said at once, and no reason not to send it. */
export function brokenRules(proposal: Proposal, figures: Figures, land: Land, ground: Ground | null): Broken[] {
  const found: Broken[] = [];
  const { grz, gfz, storeys, height } = land.limits;
  const over = (value: number, most: number | null): most is number => most !== null && value > most + 1e-9;
  if (over(figures.grz_main, grz)) found.push({ rule: "grz", most: grz, value: figures.grz_main });
  const cap = grz === null ? null : Math.max(grz, Math.min(land.excess * grz, land.cap));
  if (over(figures.grz_total, cap)) found.push({ rule: "grz_total", most: cap, value: figures.grz_total });
  if (over(figures.gfz, gfz)) found.push({ rule: "gfz", most: gfz, value: figures.gfz });
  if (over(figures.full_storeys, storeys)) found.push({ rule: "storeys", most: storeys, value: figures.full_storeys });
  for (const [k, block] of proposal.blocks.entries()) {
    const measured = land.measured[proposal.basedOn]?.[block.id];
    const at = standing(block, ground);
    const top = at.base + eavesHeight(block) + (riseOf(block) ?? measured?.rise ?? 0) - at.ground;
    if (over(top, height)) found.push({ rule: "height", most: height, value: top, block: block.id });
    const outside = polygonArea(block.footprint) - area(intersection([block.footprint], land.whole));
    if (outside > 0.1) found.push({ rule: "outside", value: outside, block: block.id });
    for (const other of proposal.blocks.slice(k + 1)) {
      if (!block.storeys || !other.storeys) continue; // one may stand on the other's garage
      const shared = area(intersection([block.footprint], [other.footprint]));
      if (shared > 0.1) found.push({ rule: "overlap", value: shared, block: block.id, other: other.id });
    }
  }
  return found;
}
