// What all parts of the page share: the publication, the language, what is shown, and what the visitor has said so far.

import { type Contribution, emptyContribution } from "./contribution";
import { bytesOf } from "./files";
import type { Ground } from "./ground";
import type { Language, Place, Publication, Text, Variant } from "./publication";
import type { Stage } from "./stage/stage";
import de from "./words/de.json";
import en from "./words/en.json";
import plain from "./words/plain.json";

export type Word = keyof typeof de;
const WORDS: Record<Language, Partial<Record<Word, string>>> = { de, plain, en };

/** What has changed: the language, the variant shown, the visitor's draft, the section, or the place that was clicked. */
export type Change = "language" | "variant" | "draft" | "section" | "sun";

/** The moment that the sun is shown at: a day, and minutes since midnight by the clock there. */
export interface Moment {
  day: string;
  minutes: number;
}

export interface Home {
  kind: "window" | "garden" | "stopPlace";
  place: Place | null;
  normal: Place;
}

export const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

const nowhere = (): Home => ({ kind: "window", place: null, normal: [0, 0, 1] });

export class App {
  language: Language;
  variant = "bestand";
  section = "start";
  moment: Moment = { day: "2025-03-21", minutes: 14 * 60 };
  draft: Contribution;
  /** The place that the visitor asks about in "Was ändert sich bei mir?": kept as long as the page is open, and sent nowhere. */
  home = nowhere();
  readonly kiosk: boolean;
  /** The variants in the order this visitor sees them: today's first, the others by chance, so that none is always first. */
  readonly variants: Variant[];
  private readonly listeners = new Map<Change, Set<() => void>>();
  private stagePromise: Promise<Stage> | null = null;
  private groundPromise: Promise<Ground | null> | null = null;

  constructor(
    readonly publication: Publication,
    private readonly makeStage: () => Promise<Stage>,
    address: URL,
  ) {
    const asked = address.searchParams.get("lang") as Language | null;
    const first: Language = navigator.language.startsWith("en") ? "en" : "de";
    const wanted: (Language | null)[] = [asked, first];
    this.language = wanted.find((one) => one !== null && publication.languages.includes(one)) ?? "de";
    this.kiosk = address.searchParams.has("kiosk");
    this.draft = emptyContribution(publication, this.language, this.kiosk ? "kiosk" : "page");
    const [today, ...others] = publication.variants;
    this.variants = [today!, ...shuffled(others)];
  }

  /** The view in three dimensions, loaded when it is first asked for. */
  stage(): Promise<Stage> {
    this.stagePromise ??= this.makeStage();
    this.stagePromise.catch(() => (this.stagePromise = null)); // so that it can be tried again
    return this.stagePromise;
  }

  /** The ground as numbers, where visitors may build; null where none is published. */
  ground(): Promise<Ground | null> {
    const of = this.publication.builder?.ground;
    this.groundPromise ??= of ? bytesOf(of.url).then((bytes) => ({ ...of, heights: new Float32Array(bytes) })) : Promise.resolve(null);
    this.groundPromise.catch(() => (this.groundPromise = null));
    return this.groundPromise;
  }

  on(change: Change, listener: () => void): () => void {
    const all = this.listeners.get(change) ?? new Set();
    this.listeners.set(change, all.add(listener));
    return () => all.delete(listener);
  }

  changed(change: Change): void {
    for (const listener of this.listeners.get(change) ?? []) listener();
  }

  setLanguage(language: Language): void {
    this.language = this.draft.language = language;
    this.changed("language");
  }

  setVariant(id: string): void {
    this.variant = id;
    this.changed("variant");
  }

  setSection(name: string): void {
    this.section = name;
    this.changed("section");
  }

  setMoment(moment: Moment): void {
    this.moment = moment;
    this.changed("sun");
  }

  /** Changes the visitor's draft. */
  say(change: (draft: Contribution) => void): void {
    change(this.draft);
    this.draft.created = new Date().toISOString();
    this.changed("draft");
  }

  /** Begins anew: after sending, or in a kiosk when nobody is there. */
  forget(): void {
    this.draft = emptyContribution(this.publication, this.language, this.kiosk ? "kiosk" : "page");
    if (this.kiosk) this.home = nowhere(); // nobody else's business
    this.changed("draft");
  }

  /** A published text in the visitor's language. */
  text(text: Text | undefined): string {
    return text?.[this.language] ?? text?.de ?? "";
  }

  /** A word of the page; {name} in it is replaced. */
  word(key: Word, values: Record<string, string | number> = {}): string {
    const said = WORDS[this.language][key] ?? de[key];
    return said.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  }

  /** That something went wrong, in the words of what went wrong. */
  failed(problem: unknown): string {
    return this.word("failed", { what: messageOf(problem) });
  }

  /** A number as people of the language write it. */
  number(value: number, decimals = 0): string {
    return value.toLocaleString(this.locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }

  get locale(): string {
    return this.language === "en" ? "en-GB" : "de-DE";
  }

  day(day: string): string {
    return new Date(`${day}T12:00:00Z`).toLocaleDateString(this.locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  nameOf(id: string): string {
    return this.text(this.publication.variants.find((one) => one.id === id)?.name);
  }

  placeName(place: Place): string {
    const near = this.publication.places
      .map((one) => ({ one, far: Math.hypot(one.position[0] - place[0], one.position[1] - place[1]) }))
      .sort((a, b) => a.far - b.far)[0];
    return near && near.far < 60 ? this.word("near", { place: this.text(near.one.label) }) : "";
  }
}

function shuffled<T>(list: T[]): T[] {
  const all = [...list];
  for (let k = all.length - 1; k > 0; k--) {
    const other = Math.floor(Math.random() * (k + 1));
    [all[k], all[other]] = [all[other]!, all[k]!];
  }
  return all;
}
