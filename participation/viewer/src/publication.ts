// What is published, as publication.json has it (schema 1; docs/publication-format.md).

import type { Land } from "./figures";
import type { Point } from "./polygons";

export type Language = "de" | "plain" | "en";
/** A text in several languages; a missing one falls back to German. */
export type Text = { de: string } & Partial<Record<Language, string>>;
export type Place = [number, number, number];

export interface File {
  url: string;
  bytes: number;
}

export interface Picture extends File {
  width: number;
  height: number;
  alt: Text;
}

export interface Variant {
  id: string;
  name: Text;
  description: Text;
  colour: string;
  status: string;
  author: string;
  model: File | null;
  removed: string[];
  felled: number[];
  planted: [number, number, number, number, number, string][];
  geojson: File | null;
}

export interface Viewpoint {
  id: string;
  name: Text;
  kind: "eye" | "aerial";
  position: Place;
  target: Place;
  /** vertical, degrees at the picture's aspect */
  field_of_view: number;
  /** vertical lens shift as a share of the picture's height, upwards positive */
  shift?: number;
  pictures: Record<string, Picture>;
}

export interface ResultClass {
  from: number | null;
  to: number | null;
  colour: string;
  label: Text;
}

export interface PublishedResult {
  id: string;
  kind: string;
  title: Text;
  unit: string;
  variant: string;
  compare_with: string | null;
  support: "grid" | "faces" | "points" | "lines";
  meta: File;
  data: File;
  /** of faces: their places, the same for many results */
  mesh: File | null;
  classes: ResultClass[];
  when: string | null;
  method: Text;
}

export interface Figure {
  key: string;
  label: Text;
  unit: string;
  decimals: number;
  values: Record<string, number | null>;
  explanation: Text;
  /** how it is reckoned, and by which law; not of those that are merely counted */
  formula?: Text;
  paragraph?: string;
  inputs?: { label: Text; unit: string; values: Record<string, number> }[];
  place?: Text;
}

export interface Finding {
  variant: string;
  severity: "breach" | "reason" | "note";
  text: Text;
  position: Place | null;
}

export interface Named {
  id: string;
  label: Text;
}

export interface Publication {
  format: "jena-planner/publication";
  schema: number;
  id: string;
  revision: string;
  published: string;
  program: string;
  preview?: boolean;
  url: string;
  languages: Language[];
  plain_checked: { by: string; on: string } | null;
  title: Text;
  summary: Text;
  question: Text;
  accent: string;
  procedure: {
    kind: "informal" | "early" | "formal";
    starts: string;
    ends: string;
    open: Text;
    fixed: Text;
    decides: Text;
    contributions: Text;
    note: Text;
    portal: string;
  };
  place: {
    name: string;
    crs: string;
    easting: number;
    northing: number;
    height_system: string;
    undulation: number;
    latitude: number;
    longitude: number;
    /** azimuth from true north = azimuth from grid north + convergence, degrees */
    convergence: number;
    scale_factor: number;
    time_zone: string;
    bounds: [number, number, number, number, number, number];
    focus: [number, number, number, number];
  };
  sources: { text: string; url: string }[];
  model: { terrain: File | null; context: File | null; removable: File | null; buildings: File | null; trees: File | null };
  variants: Variant[];
  plan_areas: { id: string; name: string; polygon: Point[][]; use: string; area: number }[];
  /** lines across streets, for sections */
  streets: { id: string; name: Text; from: Place; to: Place }[];
  viewpoints: Viewpoint[];
  pictures: (Picture & { variant: string; title: Text })[];
  films: { title: Text; alt: Text; mp4: File | null; webm: File | null; poster: File | null; vtt: Partial<Record<Language, File>>; variant: string }[];
  results: PublishedResult[];
  figures: Figure[];
  findings: Finding[];
  categories: Named[];
  criteria: (Named & { question: Text })[];
  places: (Named & { position: Place })[];
  builder: Builder | null;
  kiosk: { seconds: number };
  server: string;
  contact: { name: string; address: string; email: string; phone: string };
  texts: { imprint: Text; privacy: Text; accessibility: Text; netiquette: Text };
}

export interface Builder {
  land: Land;
  ground: { x: number; y: number; step: number; columns: number; rows: number; url: string; bytes: number } | null;
  uses: Named[];
  storey_height: number;
  ground_floor_height: number;
  max_storeys: number;
}
