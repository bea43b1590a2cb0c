// What a visitor says, as a contribution (schema 1; docs/publication-format.md): it leaves as a file, a link, a QR code or to a server.

import type { GeoJson } from "./own/proposal";
import { tenthOfMillimetre } from "./polygons";
import type { Language, Place, Publication } from "./publication";

export type Feeling = "like" | "dislike" | "question";

export interface Comment {
  id: string;
  /** easting, northing, height */
  position: Place | null;
  object: string | null;
  place: string | null;
  variant: string | null;
  camera: { position: Place; target: Place; field_of_view: number } | null;
  category: string | null;
  feeling: Feeling | null;
  text: string;
}

export interface Contribution {
  format: "jena-planner/contribution";
  schema: 1;
  publication: string;
  revision: string;
  id: string;
  created: string;
  language: Language;
  channel: "page" | "kiosk" | "paper";
  consent: boolean;
  crs: string;
  comments: Comment[];
  judgements: { variant: string; criterion: string; value: number }[];
  choices: { shown: [string, string]; chosen: string | null; criterion: string | null }[];
  variants: GeoJson[];
}

export const LONGEST_TEXT = 2000;
export const MOST_COMMENTS = 50;
export const MOST_VARIANTS = 10;

export function emptyContribution(publication: Publication, language: Language, channel: Contribution["channel"]): Contribution {
  return {
    format: "jena-planner/contribution", schema: 1, publication: publication.id, revision: publication.revision, id: crypto.randomUUID(),
    created: new Date().toISOString(), language, channel, consent: false, crs: publication.place.crs, comments: [], judgements: [], choices: [],
    variants: [],
  };
}

export function isEmpty(contribution: Contribution): boolean {
  return !contribution.comments.length && !contribution.judgements.length && !contribution.choices.length && !contribution.variants.length;
}

/** Scene metres as they leave: in the project's coordinate system, to 0.1 mm. */
export function toWorld([x, y, z]: Place, { place }: Publication): Place {
  return [tenthOfMillimetre(x + place.easting), tenthOfMillimetre(y + place.northing), tenthOfMillimetre(z)];
}

export function toScene([e, n, h]: Place, { place }: Publication): Place {
  return [e - place.easting, n - place.northing, h];
}

export function asText(contribution: Contribution): string {
  return JSON.stringify(contribution);
}

export function fileName(contribution: Contribution): string {
  return `beitrag-${contribution.id.slice(0, 8)}.json`;
}

/** The part of a link that carries a contribution: "b=" and base64url of its deflated text. */
export async function asFragment(contribution: Contribution): Promise<string> {
  const stream = new Blob([asText(contribution)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return `b=${btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

const LARGEST = 2_000_000; // characters that a link may unfold to

/** The contribution that a link carries. Throws where it carries none. */
export async function fromFragment(fragment: string): Promise<Contribution> {
  const letters = atob(fragment.replace(/^#?b=/, "").replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.length > LARGEST) throw new Error("too large");
  }
  return checked(JSON.parse(text + decoder.decode()));
}

/** Only what has the form of a contribution passes. */
export function checked(content: unknown): Contribution {
  const one = content as Contribution;
  if (one?.format !== "jena-planner/contribution" || one.schema !== 1) throw new Error("no contribution");
  for (const list of [one.comments, one.judgements, one.choices, one.variants]) if (!Array.isArray(list)) throw new Error("no contribution");
  return one;
}

export interface Sent {
  number: string;
  code: string;
  status: string;
}

/** Sends it to a server. Throws an Error with the server's sentence, or none where it does not answer. */
export async function send(contribution: Contribution, server: string): Promise<Sent> {
  const answer = await fetch(`${server}/api/v1/contributions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Jena-Planner": "1" },
    body: asText(contribution),
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  const content = (await answer.json().catch(() => ({}))) as Sent & { problem?: string };
  if (!answer.ok) throw new Error(content.problem ?? `${answer.status}`);
  return content;
}
