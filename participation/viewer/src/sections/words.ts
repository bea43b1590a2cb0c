// A field for somebody's own words: how many fit, and a hint where they look like a number or an address of a person.

import type { App, Word } from "../app";
import { LONGEST_TEXT } from "../contribution";
import { el, field } from "../dom";

/** By eighths of a turn from north. */
export const WINDS: Word[] = ["north_", "northeast", "east_", "southeast", "south", "southwest", "west", "northwest"];

const PRIVATE = /[\w.+-]+@[\w-]+\.\w{2,}|(?:\+\d{2}|\b0)[\d /()-]{6,}\d/;

export function words(app: App, label: string, text = ""): { element: HTMLElement; value: () => string; area: HTMLTextAreaElement } {
  const area = el("textarea", { rows: 3, maxlength: LONGEST_TEXT }, text);
  const count = el("span", { class: "count" });
  const warning = el("p", { class: "warning", role: "alert", hidden: true }, app.word("looksPrivate"));
  const look = (): void => {
    count.textContent = area.value.length > LONGEST_TEXT * 0.75 ? app.word("characters", { n: area.value.length, of: LONGEST_TEXT }) : "";
    warning.hidden = !PRIVATE.test(area.value);
  };
  area.addEventListener("input", look);
  look();
  return { element: el("div", {}, field(label, area, app.word("noNames")), count, warning), value: () => area.value.trim(), area };
}
