// Published results: read from their numbers, coloured by their classes, and asked at a place.

import { bytesOf, jsonOf } from "./files";
import type { Place, PublishedResult, ResultClass, Text } from "./publication";

interface Meta {
  support: "grid" | "faces" | "points" | "lines";
  offset: number;
  scale: number;
  columns?: number;
  rows?: number;
  x0?: number;
  y0?: number;
  step?: number;
  vertices?: number;
  triangles?: number;
  cells?: number;
  places?: Place[];
  start?: number[];
  names?: Text[];
  heads?: Text[];
  table?: Text[][];
}

const NONE = 65535;

export interface GridResult {
  support: "grid";
  result: PublishedResult;
  columns: number;
  rows: number;
  x0: number;
  y0: number;
  step: number;
  /** NaN where there is none */
  values: Float32Array;
}

export interface FaceResult {
  support: "faces";
  result: PublishedResult;
  /** x, y, z of each corner, metres in the scene */
  vertices: Float32Array;
  triangles: Uint32Array;
  cellOf: Uint32Array;
  values: Float32Array;
}

/** Points and lines that bear a value each. */
export interface MarkResult {
  support: "points" | "lines";
  result: PublishedResult;
  heads: Text[];
  marks: Mark[];
  values: Float32Array;
}

export interface Mark {
  name: Text;
  /** one of a point, two or more along a line; metres in the scene */
  places: Place[];
  /** what else is said of it, by `heads` */
  row: Text[];
}

export type Loaded = GridResult | FaceResult | MarkResult;

const loaded = new Map<string, Promise<Loaded>>();

/** The numbers of a result, read once. */
export function read(result: PublishedResult): Promise<Loaded> {
  let made = loaded.get(result.id);
  if (!made) {
    made = fetched(result);
    made.catch(() => loaded.delete(result.id));
    loaded.set(result.id, made);
  }
  return made;
}

async function fetched(result: PublishedResult): Promise<Loaded> {
  const [meta, bytes, mesh] = await Promise.all([
    jsonOf<Meta>(result.meta.url),
    bytesOf(result.data.url),
    result.mesh ? bytesOf(result.mesh.url) : new ArrayBuffer(0),
  ]);
  const numbers = (raw: Uint16Array): Float32Array => Float32Array.from(raw, (n) => (n === NONE ? NaN : meta.offset + meta.scale * n));
  if (meta.support === "grid") {
    const { columns = 0, rows = 0, x0 = 0, y0 = 0, step = 1 } = meta;
    return { support: "grid", result, columns, rows, x0, y0, step, values: numbers(new Uint16Array(bytes, 0, columns * rows)) };
  }
  if (meta.support === "faces") {
    const { vertices = 0, triangles = 0, cells = 0 } = meta;
    return {
      support: "faces",
      result,
      vertices: new Float32Array(mesh, 0, vertices * 3),
      triangles: new Uint32Array(mesh, vertices * 12, triangles * 3),
      cellOf: new Uint32Array(mesh, vertices * 12 + triangles * 12, triangles),
      values: numbers(new Uint16Array(bytes, 0, cells)),
    };
  }
  const { places = [], start = [...places.keys(), places.length], names = [], heads = [], table = [] } = meta;
  const marks = names.map((name, k): Mark => ({ name, places: places.slice(start[k], start[k + 1]), row: table[k] ?? [] }));
  return { support: meta.support, result, heads, marks, values: numbers(new Uint16Array(bytes, 0, marks.length)) };
}

export function classOf(classes: ResultClass[], value: number): ResultClass | undefined {
  return classes.find((one) => (one.from === null || value >= one.from) && (one.to === null || value < one.to)) ?? (value === classes.at(-1)?.to ? classes.at(-1) : undefined);
}

/** Whether a value only says that there is no end to it, such as how far one sees where nothing stands. */
export function endless({ kind, unit, classes }: PublishedResult, value: number): boolean {
  return kind === "view-out" && unit === "m" && classOf(classes, value) === classes.at(-1);
}

export function colourOf(classes: ResultClass[], value: number): [number, number, number] | undefined {
  const found = Number.isNaN(value) ? undefined : classOf(classes, value);
  if (!found) return undefined;
  const code = Number.parseInt(found.colour.slice(1), 16);
  return [code >> 16, (code >> 8) & 255, code & 255];
}

/** Of a result that is a change: −1 for less, 1 for more, 0 in the class that hardly changes; else undefined. */
export function changeOf(result: PublishedResult, value: number): -1 | 0 | 1 | undefined {
  if (result.compare_with === null || Number.isNaN(value)) return undefined;
  const middle = classOf(result.classes, 0);
  return middle && middle === classOf(result.classes, value) ? 0 : value < 0 ? -1 : 1;
}

/** RGBA of each cell, row by row from the south; cells without a value are clear, the town shows through those that hardly change. */
export function cellColours(grid: GridResult): Uint8Array {
  const colours = new Uint8Array(grid.values.length * 4);
  grid.values.forEach((value, k) => {
    const colour = colourOf(grid.result.classes, value);
    if (colour) colours.set([...colour, changeOf(grid.result, value) === 0 ? 90 : 225], k * 4);
  });
  return colours;
}

/** What one result has more than another on the same cells; null where the cells are not the same. */
export function difference(one: GridResult, other: GridResult, result: PublishedResult): GridResult | null {
  const same = (["columns", "rows", "x0", "y0", "step"] as const).every((key) => one[key] === other[key]);
  return same ? { ...one, result, values: one.values.map((value, k) => value - other.values[k]!) } : null;
}

const NEAR = 3; // metres between a place and the cell whose value it has

/** The value at a place; NaN where there is none. */
export function valueAt(loaded: Loaded, [x, y, z]: Place): number {
  if (loaded.support === "grid") {
    const column = Math.floor((x - loaded.x0) / loaded.step);
    const row = Math.floor((y - loaded.y0) / loaded.step);
    if (column < 0 || row < 0 || column >= loaded.columns || row >= loaded.rows) return NaN;
    return loaded.values[row * loaded.columns + column]!;
  }
  let [nearest, value] = [NEAR * NEAR, NaN];
  if (loaded.support !== "faces") {
    if (loaded.support === "lines") return NaN; // what is said of a line is true at its beginning
    for (const [k, { places: [at] }] of loaded.marks.entries()) {
      const distance = (at![0] - x) ** 2 + (at![1] - y) ** 2 + (at![2] - z) ** 2;
      if (distance < nearest) [nearest, value] = [distance, loaded.values[k]!];
    }
    return value;
  }
  const { vertices, triangles, cellOf, values } = loaded;
  for (let k = 0; k < cellOf.length; k++) {
    let distance = 0;
    for (const [axis, of] of [x, y, z].entries()) {
      const middle = (vertices[triangles[3 * k]! * 3 + axis]! + vertices[triangles[3 * k + 1]! * 3 + axis]! + vertices[triangles[3 * k + 2]! * 3 + axis]!) / 3;
      distance += (middle - of) ** 2;
      if (distance >= nearest) break;
    }
    if (distance < nearest) [nearest, value] = [distance, values[cellOf[k]!]!];
  }
  return value;
}
