// What a design changes against today, in words.

import type { App } from "../app";
import { el, paragraphs } from "../dom";

export function changesOf(app: App): HTMLElement {
  const variant = app.publication.variants.find((one) => one.id === app.variant)!;
  const blocks = app.publication.figures.find((one) => one.key === "blocks")?.values[variant.id];
  const told = [
    blocks ? app.word("changeBlocks", { n: blocks }) : "",
    variant.removed.length ? app.word("changeRemoved", { n: variant.removed.length }) : "",
    variant.felled.length ? app.word("changeFelled", { n: variant.felled.length }) : "",
    variant.planted.length ? app.word("changePlanted", { n: variant.planted.length }) : "",
  ].filter(Boolean);
  const description = app.text(variant.description);
  if (variant.id === "bestand") return el("div", {}, ...paragraphs(description), el("p", {}, app.word("noChanges")));
  return el("div", {}, ...paragraphs(description), told.length ? el("ul", {}, ...told.map((one) => el("li", {}, one))) : "");
}
