// A visitor's own variant while it is worked on, and as the GeoJSON that jena_city/variant_files.py reads and writes (schema 3).

import { type Point, type Polygon, asRectangle, tenthOfMillimetre } from "../polygons";

export type RoofKind = "flat" | "gable" | "hip" | "half-hip" | "shed" | "mansard";

export interface Roof {
  kind: RoofKind;
  pitch: number;
  ridge: number | null;
  parapet: number;
  upper_pitch: number;
}

/** A block's own properties; what a file has beside them is kept in `extra`. Metres and degrees. */
export interface Block {
  id: string;
  name: string;
  footprint: Polygon;
  storeys: number;
  base: number | null;
  ground_floor_height: number;
  storey_height: number;
  roof: Roof;
  use: string;
  plinth: number;
  knee: number;
  set_back: number;
  underground: number;
  underground_height: number;
  base_rule: "lowest" | "mean" | "highest";
  reference: number | null;
  storey_uses: string[];
  attic_used: boolean;
  attic_rooms: number | null;
  counts_as: "hauptanlage" | "nebenanlage" | "garage" | "unterbau";
  dwellings: number | null;
  set_backs: number[];
  extra: Record<string, unknown>;
}

export interface OpenSpace {
  shape: Polygon;
  kind: string;
  sealed: number | null;
  counts_as: string | null;
  feature: GeoJson;
}

export interface PlantedTree {
  id: string;
  position: Point;
  species: string;
  height: number;
  crown: number;
  extra: Record<string, unknown>;
}

export interface FelledTree {
  position: Point;
  extra: Record<string, unknown>;
}

/** Treated as a value: every change makes a new one, so that undo is a list of them. */
export interface Proposal {
  id: string;
  name: string;
  basedOn: string;
  reason: string;
  blocks: Block[];
  removed: string[];
  spaces: OpenSpace[];
  planted: PlantedTree[];
  felled: FelledTree[];
  /** whatever else the collection carried */
  extra: Record<string, unknown>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type GeoJson = Record<string, any>;

export interface Origin {
  crs: string;
  easting: number;
  northing: number;
}

const FLAT: Roof = { kind: "flat", pitch: 0, ridge: null, parapet: 0, upper_pitch: 30 };
const DEFAULTS: Omit<Block, "id" | "footprint" | "extra"> = {
  name: "", storeys: 1, base: null, ground_floor_height: 3.5, storey_height: 3, roof: FLAT, use: "wohnen", plinth: 0, knee: 0, set_back: 0,
  underground: 0, underground_height: 3, base_rule: "lowest", reference: null, storey_uses: [], attic_used: false, attic_rooms: null,
  counts_as: "hauptanlage", dwellings: null, set_backs: [],
};
const BLOCK_KEYS = ["id", ...Object.keys(DEFAULTS)];
const TREE_KEYS = ["id", "species", "height", "crown"];
const OF_VARIANT = ["id", "name", "colour", "author", "description", "status", "removed", "locked"];
const NOT_EXTRA = ["type", "crs", "features", "schema", "bbox", "based_on", "reason", ...OF_VARIANT];

export function newBlock(values: Partial<Block> & { footprint: Polygon }): Block {
  return { ...structuredClone(DEFAULTS), id: newId(), extra: {}, ...values };
}

export function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** Height of the walls above the base, without parapet. */
export function eavesHeight(block: Block): number {
  if (!block.storeys) return 0;
  return block.plinth + storeysHeight(block) + (block.roof.kind === "flat" ? 0 : block.knee);
}

export function storeysHeight(block: Block): number {
  return block.storeys ? block.ground_floor_height + (block.storeys - 1) * block.storey_height : 0;
}

export function standsBack(block: Block): boolean {
  return block.storeys > 0 && (block.set_backs.length ? block.set_backs.some((one) => one > 0) : block.set_back > 0);
}

/** What it counts as in the Grundfläche. */
export function countedAs(block: Block): string {
  return !block.storeys && block.counts_as === "hauptanlage" ? "unterbau" : block.counts_as;
}

/** Whether a roof with a pitch can be formed here: over a rectangle. */
export function mayHavePitch(block: Block): boolean {
  return asRectangle(block.footprint) !== undefined;
}

/** The proposal that a published variant is, to go on from. */
export function fromGeoJson(content: GeoJson, origin: Origin): Proposal {
  const features = (content.features ?? []) as GeoJson[];
  const local = ([e, n]: number[]): Point => [tenthOfMillimetre(e! - origin.easting), tenthOfMillimetre(n! - origin.northing)];
  const rings = (feature: GeoJson): Polygon => feature.geometry.coordinates.map((ring: number[][]) => ring.map(local));
  const own = (feature: GeoJson, keys: string[]): [GeoJson, GeoJson] => {
    const entries = Object.entries(feature.properties as GeoJson).filter(([key]) => key !== "jena_feature");
    const split = (inside: boolean) => Object.fromEntries(entries.filter(([key]) => keys.includes(key) === inside));
    return [split(true), split(false)];
  };
  const made: Proposal = {
    id: content.id ?? newId(), name: content.name ?? "", basedOn: content.based_on ?? "", reason: content.reason ?? "",
    removed: [...(content.removed ?? [])], blocks: [], spaces: [], planted: [], felled: [],
    extra: Object.fromEntries(Object.entries(content).filter(([key]) => !NOT_EXTRA.includes(key))),
  };
  for (const feature of features) {
    const kind = feature.properties.jena_feature ?? "block";
    if (kind === "block") {
      const [values, extra] = own(feature, BLOCK_KEYS);
      const roof = { ...FLAT, ...(values.roof ?? {}) };
      made.blocks.push({ ...structuredClone(DEFAULTS), id: String(feature.id), ...values, roof, footprint: rings(feature), extra } as Block);
    } else if (kind === "open-space") {
      const { kind: use, sealed, counts_as } = feature.properties;
      made.spaces.push({ shape: rings(feature), kind: use, sealed: sealed ?? null, counts_as: counts_as ?? null, feature });
    } else if (kind === "tree") {
      const [values, extra] = own(feature, TREE_KEYS);
      const position = local(feature.geometry.coordinates);
      made.planted.push({ id: String(feature.id), species: "", height: 12, crown: 7, ...values, position, extra });
    } else if (kind === "felled-tree") {
      made.felled.push({ position: local(feature.geometry.coordinates), extra: own(feature, [])[1] });
    }
  }
  return made;
}

/** As Python reads it without loss. */
export function toGeoJson(proposal: Proposal, origin: Origin, colour: string): GeoJson {
  const world = ([x, y]: Point): Point => [tenthOfMillimetre(x + origin.easting), tenthOfMillimetre(y + origin.northing)];
  const polygon = (rings: Polygon) => ({ type: "Polygon", coordinates: rings.map((ring) => ring.map(world)) });
  const point = (position: Point) => ({ type: "Point", coordinates: world(position) });
  return {
    type: "FeatureCollection",
    schema: 3,
    crs: { type: "name", properties: { name: `urn:ogc:def:crs:EPSG::${origin.crs.replace("EPSG:", "")}` } },
    id: proposal.id,
    name: proposal.name,
    colour,
    author: "",
    description: "",
    status: "entwurf",
    removed: proposal.removed,
    locked: false,
    ...proposal.extra,
    based_on: proposal.basedOn,
    reason: proposal.reason,
    features: [
      ...proposal.blocks.map(({ footprint, extra, ...own }) => ({
        type: "Feature",
        id: own.id,
        properties: { ...extra, jena_feature: "block", ...own },
        geometry: polygon(footprint),
      })),
      ...proposal.spaces.map((space) => space.feature),
      ...proposal.planted.map(({ position, extra, ...own }) => ({
        type: "Feature",
        id: own.id,
        properties: { ...extra, jena_feature: "tree", ...own },
        geometry: point(position),
      })),
      ...proposal.felled.map(({ position, extra }) => ({
        type: "Feature",
        properties: { ...extra, jena_feature: "felled-tree" },
        geometry: point(position),
      })),
    ],
  };
}
