// All figures side by side, what the rules say, and what changes against today: as tables, for everyone.

import { el } from "../dom";
import type { Mount } from "../shell";

export const mountNumbers: Mount = (host, app) => {
  const { publication, variants } = app;
  const value = (figure: (typeof publication.figures)[number], id: string): string => {
    const found = figure.values[id];
    return found === null || found === undefined ? "–" : app.number(found, figure.decimals) + (figure.unit ? ` ${figure.unit}` : "");
  };
  const places = [...new Set(publication.figures.map((one) => app.text(one.place)))];
  host.append(el("h2", {}, app.word("numbers")));
  for (const place of places) {
    const rows = publication.figures.filter((one) => app.text(one.place) === place);
    host.append(
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": place || app.word("numbers") },
        el("table", {},
          place ? el("caption", {}, place) : null,
          el("thead", {}, el("tr", {}, el("th", { scope: "col" }, app.word("figure")), ...variants.map((one) => el("th", { scope: "col" }, swatch(one.colour), app.text(one.name))))),
          el("tbody", {}, ...rows.map((figure) =>
            el("tr", {},
              el("th", { scope: "row" }, app.text(figure.explanation) ? el("details", {}, el("summary", {}, app.text(figure.label)), el("p", {}, app.text(figure.explanation))) : app.text(figure.label)),
              ...variants.map((one) => el("td", {}, value(figure, one.id)))))))),
    );
  }
  host.append(el("h3", {}, app.word("findings")), el("p", { class: "quiet" }, app.word("planCheck")));
  for (const variant of variants.filter((one) => one.id !== "bestand")) {
    const found = publication.findings.filter((one) => one.variant === variant.id);
    host.append(
      el("h4", {}, swatch(variant.colour), app.text(variant.name)),
      found.length
        ? el("ul", { class: "findings" }, ...found.map((one) => el("li", { class: one.severity }, el("strong", {}, `${app.word(one.severity)}: `), app.text(one.text))))
        : el("p", {}, app.word("noFindings")),
    );
  }
};

export function swatch(colour: string): HTMLElement {
  const made = el("span", { class: "swatch", "aria-hidden": "true" });
  made.style.background = colour;
  return made;
}
