// A block as faces to draw. Flat roofs over any outline, pitched ones over rectangles, as jena_city/roofs.py forms them; others come published.

import { type Block, eavesHeight, standsBack } from "./own/proposal";
import { type Point, ringArea } from "./polygons";
import { isPlain } from "./storeys";

export type Corner = [number, number, number];

export interface Face {
  kind: "wall" | "roof";
  /** counter-clockwise seen from outside, outer ring first, open */
  rings: Corner[][];
}

const HALF = 0.6;

/** The outer faces of a block that stands at a height; undefined for one whose roof Python forms. */
export function facesOf(block: Block, base: number): Face[] | undefined {
  if (!isPlain(block) || standsBack(block)) return undefined;
  if (!block.storeys) return [];
  const eaves = base + eavesHeight(block);
  const rings = block.footprint.map((ring, k) => oriented(ring.slice(0, -1), ring, k === 0));
  if (block.roof.kind === "flat") {
    const walls = rings.flatMap((ring) => wallsOf(ring, base, () => eaves + block.roof.parapet));
    return [...walls, { kind: "roof", rings: rings.map((ring) => ring.map(([x, y]): Corner => [x, y, eaves])) }];
  }
  return pitched(block, rings[0]!, base, eaves);
}

/** Heights at which a new storey begins, for lines on the walls. */
export function storeyLevels(block: Block, base: number): number[] {
  const first = base + block.plinth + block.ground_floor_height;
  return Array.from({ length: Math.max(0, block.storeys - 1) }, (_, k) => first + k * block.storey_height);
}

function oriented(open: Point[], closed: Point[], counterClockwise: boolean): Point[] {
  return ringArea(closed) > 0 === counterClockwise ? open : open.reverse();
}

function wallsOf(ring: Point[], low: number, high: (point: Point) => number): Face[] {
  return ring.map((a, k): Face => {
    const b = ring[(k + 1) % ring.length]!;
    return { kind: "wall", rings: [[[...a, low], [...b, low], [...b, high(b)], [...a, high(a)]]] };
  });
}

/** A roof over a rectangle, with the walls under it. Along the longer side runs the ridge, as where none is stated. */
function pitched(block: Block, ring: Point[], base: number, eaves: number): Face[] {
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => ring[(firstLong(ring) + k) % 4]!) as [Point, Point, Point, Point]; // a to b is a long one
  const long = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const short = Math.hypot(c[0] - b[0], c[1] - b[1]);
  const along: Point = [(b[0] - a[0]) / long, (b[1] - a[1]) / long];
  const rise = Math.tan((block.roof.pitch * Math.PI) / 180);
  const at = (point: Point, height: number): Corner => [...point, eaves + height];
  const shifted = ([x, y]: Point, by: number): Point => [x + along[0] * by, y + along[1] * by];
  const middle = (one: Point, other: Point): Point => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
  const roof = (...corners: Corner[]): Face => ({ kind: "roof", rings: [corners] });
  const wall = (...corners: Corner[]): Face => ({ kind: "wall", rings: [corners] });
  const low = (point: Point): Corner => [...point, base];

  if (block.roof.kind === "shed") {
    // It falls across the long axis, to the side that lies a quarter turn clockwise of it in azimuth (0 to 180 from north).
    const azimuth = ((Math.atan2(along[0], along[1]) * 180) / Math.PI + 360) % 180;
    const fall = ((azimuth + 90) * Math.PI) / 180;
    const down: Point = [Math.sin(fall), Math.cos(fall)];
    const toward = (point: Point): number => point[0] * down[0] + point[1] * down[1];
    const lowest = Math.max(...ring.map(toward));
    const high = (point: Point): number => eaves + rise * (lowest - toward(point));
    return [...wallsOf(ring, base, high), { kind: "roof", rings: [ring.map((point): Corner => [...point, high(point)])] }];
  }
  const top = (rise * short) / 2;
  const [west, east] = [middle(d, a), middle(b, c)];
  if (block.roof.kind === "hip") {
    const [one, other] = [at(shifted(west, short / 2), top), at(shifted(east, -short / 2), top)];
    return [
      ...wallsOf(ring, base, () => eaves),
      roof(at(a, 0), at(b, 0), other, one), roof(at(c, 0), at(d, 0), one, other), roof(at(b, 0), at(c, 0), other), roof(at(d, 0), at(a, 0), one),
    ];
  }
  const long1 = wall(low(a), low(b), at(b, 0), at(a, 0));
  const long2 = wall(low(c), low(d), at(d, 0), at(c, 0));
  if (block.roof.kind === "gable") {
    const [one, other] = [at(west, top), at(east, top)];
    return [
      long1, long2, wall(low(b), low(c), at(c, 0), other, at(b, 0)), wall(low(d), low(a), at(a, 0), one, at(d, 0)),
      roof(at(a, 0), at(b, 0), other, one), roof(at(c, 0), at(d, 0), one, other),
    ];
  }
  // half-hip: the gable goes up to a share of its height, from there a hip leans inward
  const inward = (HALF * short) / 2;
  const height = inward * rise;
  const toward = (from: Point, to: Point): Corner => {
    const share = inward / short;
    return at([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share], height);
  };
  const [one, other] = [at(shifted(west, short / 2 - inward), top), at(shifted(east, inward - short / 2), top)];
  const [b1, c1, d1, a1] = [toward(b, c), toward(c, b), toward(d, a), toward(a, d)];
  return [
    long1, long2, wall(low(b), low(c), at(c, 0), c1, b1, at(b, 0)), wall(low(d), low(a), at(a, 0), a1, d1, at(d, 0)),
    roof(at(a, 0), at(b, 0), b1, other, one, a1), roof(at(c, 0), at(d, 0), d1, one, other, c1), roof(b1, c1, other), roof(d1, a1, one),
  ];
}

function firstLong(ring: Point[]): number {
  const length = (k: number): number => Math.hypot(ring[(k + 1) % 4]![0] - ring[k]![0], ring[(k + 1) % 4]![1] - ring[k]![1]);
  return length(0) + length(2) < length(1) + length(3) ? 1 : 0;
}
