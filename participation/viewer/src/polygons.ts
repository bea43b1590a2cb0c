// Areas and cuts of polygons, in metres. A polygon is its rings as GeoJSON has them: closed, outer first, then holes.

import clipping from "polygon-clipping";

export type Point = [number, number];
export type Ring = Point[];
export type Polygon = Ring[];
export type Shape = Polygon[];

/** Signed area of a closed ring: positive counter-clockwise. */
export function ringArea(ring: Ring): number {
  let twice = 0;
  const [x0, y0] = ring[0] ?? [0, 0]; // near the ring, so that large coordinates cost no digits
  for (let k = 0; k + 1 < ring.length; k++) {
    twice += (ring[k]![0] - x0) * (ring[k + 1]![1] - y0) - (ring[k + 1]![0] - x0) * (ring[k]![1] - y0);
  }
  return twice / 2;
}

/** Area of a polygon, holes taken off, m². */
export function polygonArea(polygon: Polygon): number {
  return polygon.reduce((sum, ring, k) => sum + (k ? -1 : 1) * Math.abs(ringArea(ring)), 0);
}

export function area(shape: Shape): number {
  return shape.reduce((sum, polygon) => sum + polygonArea(polygon), 0);
}

/** What is covered by any of the polygons. */
export function union(polygons: Polygon[]): Shape {
  const [first, ...rest] = polygons;
  return first ? (clipping.union(first, ...rest) as Shape) : [];
}

export function intersection(one: Shape, other: Shape): Shape {
  return one.length && other.length ? (clipping.intersection(one, other) as Shape) : [];
}

export function difference(one: Shape, other: Shape): Shape {
  return one.length && other.length ? (clipping.difference(one, other) as Shape) : one;
}

export function bounds(polygon: Polygon): [number, number, number, number] {
  const xs = polygon[0]!.map((point) => point[0]);
  const ys = polygon[0]!.map((point) => point[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Whether a point lies inside, by the even-odd rule over all rings. */
export function contains(polygon: Polygon, [x, y]: Point): boolean {
  let inside = false;
  for (const ring of polygon) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [ax, ay] = ring[k]!;
      const [bx, by] = ring[k + 1]!;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/** The middle of a polygon's area. */
export function centroid(polygon: Polygon): Point {
  const ring = polygon[0]!;
  const [x0, y0] = ring[0]!;
  let [twice, x, y] = [0, 0, 0];
  for (let k = 0; k + 1 < ring.length; k++) {
    const [ax, ay] = [ring[k]![0] - x0, ring[k]![1] - y0];
    const [bx, by] = [ring[k + 1]![0] - x0, ring[k + 1]![1] - y0];
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return twice ? [x0 + x / (3 * twice), y0 + y / (3 * twice)] : [x0, y0];
}

/** The polygon turned about a point by degrees counter-clockwise, then moved. */
export function placed(polygon: Polygon, about: Point, degrees: number, by: Point = [0, 0]): Polygon {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return polygon.map((ring) =>
    ring.map(([x, y]): Point => {
      const [dx, dy] = [x - about[0], y - about[1]];
      return [tenthOfMillimetre(about[0] + cos * dx - sin * dy + by[0]), tenthOfMillimetre(about[1] + sin * dx + cos * dy + by[1])];
    }),
  );
}

/** As files keep coordinates, so that what is reckoned here is what others read. */
export function tenthOfMillimetre(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

export interface Rectangle {
  centre: Point;
  /** metres along the first edge, and across it */
  width: number;
  depth: number;
  /** of the first edge, degrees counter-clockwise from east, 0 to 180 */
  turn: number;
}

const SQUARE = 1e-3; // metres by which a corner may miss the right angle

/** The sides of a polygon that is a rectangle; undefined for any other. */
export function asRectangle(polygon: Polygon): Rectangle | undefined {
  const ring = polygon[0];
  if (polygon.length !== 1 || !ring || ring.length !== 5) return undefined;
  const [a, b, c, d] = ring as [Point, Point, Point, Point];
  const off = Math.hypot(a[0] + c[0] - b[0] - d[0], a[1] + c[1] - b[1] - d[1]);
  const diagonals = Math.abs(Math.hypot(c[0] - a[0], c[1] - a[1]) - Math.hypot(d[0] - b[0], d[1] - b[1]));
  if (off > SQUARE || diagonals > SQUARE) return undefined;
  const turn = (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI;
  return {
    centre: [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2],
    width: Math.hypot(b[0] - a[0], b[1] - a[1]),
    depth: Math.hypot(c[0] - b[0], c[1] - b[1]),
    turn: ((turn % 180) + 180) % 180,
  };
}

/** A rectangle as a polygon, counter-clockwise. */
export function rectangle({ centre: [x, y], width, depth, turn }: Rectangle): Polygon {
  const [w, d] = [width / 2, depth / 2];
  const ring: Ring = [[x - w, y - d], [x + w, y - d], [x + w, y + d], [x - w, y + d], [x - w, y - d]];
  return placed([ring], [x, y], turn);
}
