// The storeys of a block and what of them counts, as jena_city/storeys.py and metrics.py reckon it.

import { type Block, eavesHeight, standsBack, storeysHeight } from "./own/proposal";
import { asRectangle, polygonArea } from "./polygons";

/** When a storey is a Vollgeschoss: see jena_city/land_rules.py. */
export interface Law {
  above: number;
  clear: number;
  share: number;
  of_below: boolean;
  more: boolean;
}

export interface Storey {
  area: number;
  full: boolean;
  use: string;
  underground: boolean;
  attic: boolean;
}

/** What Python measured of a published block whose roof or top storey the page does not form itself, m² and m. */
export interface Measured {
  /** area of the top storey */
  top: number;
  /** of the attic, area at least so high: what a Vollgeschoss needs, 1 m, 2 m */
  high: number;
  one: number;
  two: number;
  /** highest point above the eaves */
  rise: number;
}

const HALF = 0.6; // share of a gable's height at which the hip of a half-hip roof begins

/** Area under a pitched roof over a rectangle that is at least so high above the eaves, m²; undefined for another roof or outline. */
export function areaFrom(block: Block, height: number): number | undefined {
  const sides = asRectangle(block.footprint);
  if (!sides || block.roof.kind === "mansard" || standsBack(block)) return undefined;
  const [short, long] = sides.width < sides.depth ? [sides.width, sides.depth] : [sides.depth, sides.width];
  const inward = Math.max(0, height / Math.tan((block.roof.pitch * Math.PI) / 180));
  if (block.roof.kind === "shed") return block.roof.ridge === null ? long * Math.max(0, short - inward) : undefined;
  if (block.roof.ridge !== null && block.roof.kind !== "hip") return undefined; // across, or at an angle: Python's to form
  const ends = block.roof.kind === "gable" ? 0 : block.roof.kind === "hip" ? inward : Math.max(0, inward - (HALF * short) / 2);
  return Math.max(0, short - 2 * inward) * Math.max(0, long - 2 * ends);
}

/** Highest point of the roof above the eaves, m; undefined where Python forms it. */
export function riseOf(block: Block): number | undefined {
  if (!block.storeys) return 0;
  if (block.roof.kind === "flat") return block.roof.parapet;
  const sides = asRectangle(block.footprint);
  if (!sides || areaFrom(block, 0) === undefined) return undefined;
  const across = Math.min(sides.width, sides.depth) / (block.roof.kind === "shed" ? 1 : 2);
  return across * Math.tan((block.roof.pitch * Math.PI) / 180);
}

/** Whether all figures of a block can be told without what Python measured of it. */
export function isPlain(block: Block): boolean {
  return !standsBack(block) && riseOf(block) !== undefined;
}

/** Area of the attic that is at least so high, knee wall included, m². */
export function atticArea(block: Block, height: number, measured: number | undefined): number {
  return areaFrom(block, height - block.knee) ?? measured ?? 0;
}

/** Floor-to-floor storeys from the lowest up, then the attic. base, ground : metres in the height system; ground is the mean along the walls. */
export function storeysOf(block: Block, base: number, ground: number, law: Law, ceiling: number, measured?: Measured): Storey[] {
  const footprint = polygonArea(block.footprint);
  const top = standsBack(block) ? (measured?.top ?? footprint) : footprint;
  const found: Storey[] = [];
  const enough = (high: number, own: number, below: number): boolean => {
    const needed = law.share * (law.of_below ? below : own);
    return law.more ? high > needed + 1e-6 : high >= needed - 1e-6;
  };
  const add = (area: number, height: number, at: number, use: string, underground: boolean): void => {
    const high = height - ceiling >= law.clear - 1e-9 ? area : 0;
    const below = found.at(-1)?.area ?? area;
    found.push({ area, full: at - ground > law.above + 1e-9 && enough(high, area, below), use, underground, attic: false });
  };
  for (let number = block.underground; number > 0; number--) {
    add(footprint, block.underground_height, base - (number - 1) * block.underground_height, "", true);
  }
  let at = base + block.plinth;
  for (let number = 0; number < block.storeys; number++) {
    const height = number ? block.storey_height : block.ground_floor_height;
    at += height;
    add(number === block.storeys - 1 ? top : footprint, height, at, block.storey_uses[number] ?? block.use, false);
  }
  if (block.storeys && block.roof.kind !== "flat") {
    const high = atticArea(block, law.clear, measured?.high);
    const above = base + eavesHeight(block) + law.clear - block.knee - ground;
    found.push({ area: top, full: enough(high, top, top) && above > law.above, use: block.use, underground: false, attic: true });
  }
  return found;
}

/** The storeys that are used: all but an attic without use. */
export function usedStoreys(block: Block, storeys: Storey[]): Storey[] {
  return storeys.filter((one) => !one.attic || one.full || block.attic_used);
}

/** m² of an attic by its heights: below 1 m nothing, below 2 m half (WoFlV). */
export function atticLiving(block: Block, measured?: Measured): number {
  return (atticArea(block, 1, measured?.one) + atticArea(block, 2, measured?.two)) / 2;
}

/** Whether it is a dwelling of Gebäudeklasse 1 or 2, as jena_city/clearances.py says. */
export function isSmallDwelling(block: Block, small: { flats: number; floor: number; area: number }): boolean {
  const floor = block.attic_used ? eavesHeight(block) - block.knee : block.plinth + storeysHeight(block) - block.storey_height;
  return (
    block.use === "wohnen" &&
    block.dwellings !== null &&
    block.dwellings >= 1 &&
    block.dwellings <= small.flats &&
    (block.storeys === 1 || floor <= small.floor) &&
    polygonArea(block.footprint) * (block.storeys + (block.attic_used ? 1 : 0)) <= small.area
  );
}
