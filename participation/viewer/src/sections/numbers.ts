// All figures side by side, what the rules say, and what changes against today: as tables, for everyone.

import type { App } from "../app";
import { button, el } from "../dom";
import type { Figure, Finding } from "../publication";
import type { Mount } from "../shell";

const FEW = 4; // findings that are read at a glance

export const mountNumbers: Mount = (host, app) => {
  const { publication, variants } = app;
  const told = (value: number | null | undefined, decimals: number, unit: string): string =>
    value === null || value === undefined ? "–" : app.number(value, decimals) + (unit ? ` ${unit}` : "");
  const rowsOf = (figure: Figure): HTMLElement[] => {
    const label = app.text(figure.label);
    const cells = variants.map((one) => el("td", {}, told(figure.values[one.id], figure.decimals, figure.unit)));
    const explained = [app.text(figure.explanation), ...(app.language === "plain" ? [] : [lawOf(app, figure)])].filter(Boolean);
    if (!explained.length) return [el("tr", {}, el("th", { scope: "row" }, label), ...cells)];
    const inputs = app.language === "plain" ? [] : (figure.inputs ?? []);
    const more = [
      el("tr", { class: "how", hidden: true }, el("td", { colspan: variants.length + 1 }, ...explained.map((words) => el("p", {}, words)))),
      ...inputs.map((input) =>
        el("tr", { class: "how", hidden: true }, el("th", { scope: "row" }, app.text(input.label)), ...variants.map((one) => el("td", {}, told(input.values[one.id], fine(input.values[one.id]), input.unit))))),
    ];
    const open = button(label, () => {
      const now = open.getAttribute("aria-expanded") !== "true";
      open.setAttribute("aria-expanded", String(now));
      for (const row of more) row.hidden = !now;
    }, { class: "how", "aria-expanded": "false", title: app.word("explain") });
    return [el("tr", {}, el("th", { scope: "row" }, open), ...cells), ...more];
  };
  const places = [...new Set(publication.figures.map((one) => app.text(one.place)))];
  const listed = (found: Finding[]): HTMLElement =>
    el("ul", { class: "findings" }, ...found.map((one) => el("li", { class: one.severity }, el("strong", {}, `${app.word(one.severity)}: `), app.text(one.text))));
  host.append(el("h2", {}, app.word("numbers")), el("p", { class: "quiet" }, app.word("figureHint")));
  for (const place of places) {
    const rows = publication.figures.filter((one) => app.text(one.place) === place);
    host.append(
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": place || app.word("numbers") },
        el("table", {},
          place ? el("caption", {}, place) : null,
          el("thead", {}, el("tr", {}, el("th", { scope: "col" }, app.word("figure")), ...variants.map((one) => el("th", { scope: "col" }, swatch(one.colour), app.text(one.name))))),
          el("tbody", {}, ...rows.flatMap(rowsOf)))),
    );
  }
  host.append(el("h3", {}, app.word("findings")), el("p", { class: "quiet" }, app.word("planCheck")));
  for (const variant of variants.filter((one) => one.id !== "bestand")) {
    const found = publication.findings.filter((one) => one.variant === variant.id);
    host.append(
      el("h4", {}, swatch(variant.colour), app.text(variant.name)),
      found.length
        ? listed(found.slice(0, FEW))
        : el("p", {}, app.word("noFindings")),
      ...(found.length > FEW ? [el("details", {}, el("summary", {}, app.word("moreFindings", { n: found.length - FEW })), listed(found.slice(FEW)))] : []),
    );
  }
};

/** "Formel: A / F (§ 19 BauNVO)" */
function lawOf(app: App, { formula, paragraph = "" }: Figure): string {
  if (!formula) return paragraph;
  return app.word("formula", { formula: app.text(formula) }) + (paragraph ? ` (${paragraph})` : "");
}

/** Decimals of what goes into a formula: areas are told to the square metre, shares and numbers for each to a hundredth. */
function fine(value = 0): number {
  return Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
}

export function swatch(colour: string): HTMLElement {
  const made = el("span", { class: "swatch", "aria-hidden": "true" });
  made.style.background = colour;
  return made;
}
