// Two designs from one camera: with a border that is pushed, or side by side.

import type { Mount } from "../shell";
import { choice, el, field } from "../dom";

export const mountCompare: Mount = (host, app) => {
  const others = app.variants.filter((one) => one.id !== app.variant);
  let other = others.find((one) => one.id === "bestand")?.id ?? others[0]?.id ?? app.variant;
  if (app.variant === "bestand" && app.variants[1]) app.setVariant(app.variants[1].id);
  let mode: "swipe" | "split" = matchMedia("(min-width: 40rem)").matches ? "split" : "swipe";
  const at = el("input", { type: "range", min: 0, max: 100, value: 50 });
  const slider = field(app.word("swipeAt"), at);
  const names = el("p", { class: "sides" });
  const select = (chosen: string, pick: (id: string) => void): HTMLSelectElement => {
    const made = el("select", { onchange: () => pick(made.value) }, ...app.variants.map((one) => el("option", { value: one.id, selected: one.id === chosen }, app.text(one.name))));
    return made;
  };
  const put = (): void => {
    slider.hidden = mode !== "swipe";
    names.replaceChildren(el("span", {}, `← ${app.nameOf(app.variant)}`), el("span", {}, `${app.nameOf(other)} →`));
    void app.stage().then((stage) => stage.compare({ mode, other, at: Number(at.value) / 100 }));
  };
  at.addEventListener("input", () => void app.stage().then((stage) => {
    stage.comparing = { mode, other, at: Number(at.value) / 100 };
    stage.draw();
  }));
  host.append(
    el("h2", {}, app.word("compare")),
    el("div", { class: "row" },
      field(app.word("left"), select(app.variant, (id) => { app.setVariant(id); put(); })),
      field(app.word("right"), select(other, (id) => { other = id; put(); }))),
    choice(app.word("compareHow"), [["split", app.word("split")], ["swipe", app.word("swipe")]], mode, (value) => { mode = value; put(); }),
    slider,
    names,
    figures(),
  );
  put();
  return () => void app.stage().then((stage) => stage.compare({ mode: "off" }));

  function figures(): HTMLElement {
    const table = el("table", {});
    const fill = (): void => {
      const rows = app.publication.figures.filter((one) => typeof one.values[app.variant] === "number" || typeof one.values[other] === "number");
      const value = (figure: (typeof rows)[number], id: string): string => {
        const found = figure.values[id];
        return typeof found === "number" ? `${app.number(found, figure.decimals)} ${figure.unit}`.trim() : "–";
      };
      table.replaceChildren(
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, app.word("figure")), el("th", { scope: "col" }, app.nameOf(app.variant)), el("th", { scope: "col" }, app.nameOf(other)))),
        el("tbody", {}, ...rows.map((one) => el("tr", {}, el("th", { scope: "row" }, app.text(one.label)), el("td", {}, value(one, app.variant)), el("td", {}, value(one, other))))),
      );
    };
    fill();
    host.addEventListener("change", fill);
    return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": app.word("numbers") }, table);
  }
};
