// Heights of the ground as a grid, read as jena_city/terrain.py reads it: on two triangles of each cell.

import { type Point, type Polygon, bounds, contains } from "./polygons";

export interface Ground {
  /** scene coordinates of the south-western point */
  x: number;
  y: number;
  step: number;
  columns: number;
  rows: number;
  /** row by row from the south, metres, NaN where unknown */
  heights: Float32Array;
}

/** Height at a place, NaN where it is unknown. */
export function heightAt(ground: Ground, [px, py]: Point): number {
  const column = (px - ground.x) / ground.step;
  const row = (py - ground.y) / ground.step;
  if (!(column >= 0 && column <= ground.columns - 1 && row >= 0 && row <= ground.rows - 1)) return NaN;
  const c = Math.min(Math.floor(column), Math.max(ground.columns - 2, 0));
  const r = Math.min(Math.floor(row), Math.max(ground.rows - 2, 0));
  const [s, t] = [column - c, row - r];
  const at = (dr: number, dc: number, weight: number): number =>
    weight > 0 ? ground.heights[Math.min(r + dr, ground.rows - 1) * ground.columns + Math.min(c + dc, ground.columns - 1)]! * weight : 0;
  return s >= t ? at(0, 0, 1 - s) + at(0, 1, s - t) + at(1, 1, t) : at(0, 0, 1 - t) + at(1, 1, s) + at(1, 0, t - s);
}

/** Heights along the outline, every metre at least. */
export function alongOutline(ground: Ground, footprint: Polygon): number[] {
  const points: Point[] = [];
  for (const ring of footprint) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [a, b] = [ring[k]!, ring[k + 1]!];
      const parts = Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1])));
      for (let part = 0; part < parts; part++) {
        points.push([a[0] + ((b[0] - a[0]) * part) / parts, a[1] + ((b[1] - a[1]) * part) / parts]);
      }
    }
    points.push(ring[0]!);
  }
  points.pop();
  return points.map((point) => heightAt(ground, point));
}

/** Height a block stands at by its rule; NaN off the ground that is known. */
export function baseOf(ground: Ground, footprint: Polygon, rule: "lowest" | "mean" | "highest"): number {
  const along = alongOutline(ground, footprint).filter(Number.isFinite);
  if (!along.length) return NaN;
  if (rule === "mean") return mean(along);
  if (rule === "highest") return Math.max(...along);
  const [west, south, east, north] = bounds(footprint);
  let lowest = Math.min(...along);
  for (let r = Math.max(0, Math.ceil((south - ground.y) / ground.step)); r <= Math.min(ground.rows - 1, (north - ground.y) / ground.step); r++) {
    for (let c = Math.max(0, Math.ceil((west - ground.x) / ground.step)); c <= Math.min(ground.columns - 1, (east - ground.x) / ground.step); c++) {
      const height = ground.heights[r * ground.columns + c]!;
      if (height < lowest && contains(footprint, [ground.x + c * ground.step, ground.y + r * ground.step])) lowest = height;
    }
  }
  return lowest;
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
