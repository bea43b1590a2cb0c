// A cut through ground and houses along a line: what stands how high above what ground, in metres along the line.

import * as THREE from "three";

import type { Point } from "../polygons";

export interface Body {
  kind: "ground" | "stays" | "goes" | "new";
  object: THREE.Object3D;
  /** of a row of the buildings' table */
  nameOf: (row: number) => string;
}

/** A house where the line meets it. */
export interface Piece {
  name: string;
  kind: "stays" | "goes" | "new";
  /** its upper edge: metres along the line, height */
  top: Point[];
  /** the highest point above the ground below it, metres */
  height: number;
}

export interface Cut {
  length: number;
  ground: Point[];
  pieces: Piece[];
}

const SAME = 1e-3; // metres along the line within which two places are one
const LEAST = 0.4; // metres of a house along the line, below which it is but touched

type Stretch = [a: Point, b: Point];

/** Cuts along a line from one place to another (scene metres). */
export function cut(bodies: Body[], from: Point, to: Point): Cut {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const way: Point = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const ground: Stretch[] = [];
  const houses = new Map<string, { name: string; kind: Piece["kind"]; stretches: Stretch[] }>();
  for (const { kind, object, nameOf } of bodies) {
    object.updateWorldMatrix(true, true);
    object.traverse((one) => {
      if (!(one instanceof THREE.Mesh)) return;
      const rows = one.geometry.getAttribute("_feature_id_0");
      for (const [stretch, corner] of crossed(one, from, way, length)) {
        if (kind === "ground") {
          ground.push(stretch);
          continue;
        }
        const name = nameOf(rows ? rows.getX(corner) : 0);
        const house = houses.get(`${kind} ${name}`) ?? { name, kind, stretches: [] };
        house.stretches.push(stretch);
        houses.set(`${kind} ${name}`, house);
      }
    });
  }
  const floor = envelope(ground).flat(); // over a gap, such as between two tiles, it goes straight on
  const pieces = [...houses.values()].flatMap(({ name, kind, stretches }) =>
    envelope(stretches).filter((top) => top.at(-1)![0] - top[0]![0] >= LEAST).map((top): Piece => {
      const [at, highest] = top.reduce((best, point) => (point[1] > best[1] ? point : best));
      return { name, kind, top, height: highest - heightOn(floor, at) };
    }));
  return { length, ground: floor, pieces: pieces.sort((a, b) => a.top[0]![0] - b.top[0]![0]) };
}

/** Height of a line at a place along it; beyond its ends that of the end, 0 without a line. */
export function heightOn(line: Point[], at: number): number {
  const k = line.findIndex(([s]) => s >= at);
  if (k <= 0) return line.at(k)?.[1] ?? 0;
  const [a, b] = [line[k - 1]!, line[k]!];
  return a[1] + ((b[1] - a[1]) * (at - a[0])) / (b[0] - a[0] || 1);
}

/** Where a mesh is cut: stretches within the line, and a corner of the triangle that each is of. */
function* crossed(mesh: THREE.Mesh, [x0, y0]: Point, [dx, dy]: Point, length: number): Generator<[Stretch, number]> {
  const [places, index] = [mesh.geometry.getAttribute("position"), mesh.geometry.getIndex()];
  const count = places.count;
  const [along, across, height] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const at = new THREE.Vector3();
  for (let k = 0; k < count; k++) {
    at.fromBufferAttribute(places, k).applyMatrix4(mesh.matrixWorld);
    const [x, y] = [at.x - x0, -at.z - y0];
    along[k] = x * dx + y * dy;
    across[k] = x * dy - y * dx;
    height[k] = at.y;
  }
  const corners = index ? index.count : count;
  for (let first = 0; first + 2 < corners; first += 3) {
    const three = [0, 1, 2].map((k) => (index ? index.getX(first + k) : first + k)) as [number, number, number];
    const sides = three.map((corner) => across[corner]! >= 0);
    if (sides[0] === sides[1] && sides[1] === sides[2]) continue;
    const ends: Point[] = [];
    for (let k = 0; k < 3; k++) {
      const [a, b] = [three[k]!, three[(k + 1) % 3]!];
      if (sides[k] === sides[(k + 1) % 3]) continue;
      const t = across[a]! / (across[a]! - across[b]!);
      ends.push([along[a]! + t * (along[b]! - along[a]!), height[a]! + t * (height[b]! - height[a]!)]);
    }
    const clipped = within(ends as Stretch, length);
    if (clipped) yield [clipped, three[0]];
  }
}

function within([one, other]: Stretch, length: number): Stretch | undefined {
  const [a, b] = one[0] <= other[0] ? [one, other] : [other, one];
  if (b[0] <= 0 || a[0] >= length || b[0] - a[0] < SAME) return undefined;
  const at = (s: number): Point => [s, a[1] + ((b[1] - a[1]) * (s - a[0])) / (b[0] - a[0])];
  return [at(Math.max(0, a[0])), at(Math.min(length, b[0]))];
}

/** What is highest at each place, as lines from west to east of the drawing; a gap begins another. */
function envelope(stretches: Stretch[]): Point[][] {
  const edges = [...new Set(stretches.flatMap(([a, b]) => [Math.round(a[0] / SAME), Math.round(b[0] / SAME)]))].sort((a, b) => a - b);
  const found: Point[][] = [];
  let open = false;
  for (let k = 0; k + 1 < edges.length; k++) {
    const [west, east] = [edges[k]! * SAME, edges[k + 1]! * SAME];
    const middle = (west + east) / 2;
    const heightAt = ([a, b]: Stretch, s: number): number => a[1] + ((b[1] - a[1]) * (s - a[0])) / (b[0] - a[0]);
    const highest = stretches.filter(([a, b]) => a[0] <= middle && b[0] >= middle).sort((a, b) => heightAt(b, middle) - heightAt(a, middle))[0];
    if (!highest) {
      open = false;
      continue;
    }
    const line = open ? found.at(-1)! : found[found.push([]) - 1]!;
    line.push([west, heightAt(highest, west)], [east, heightAt(highest, east)]);
    open = true;
  }
  return found;
}
