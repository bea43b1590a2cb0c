// What this is about, in one screen: before anything else, what is open, what is fixed, who decides, and what becomes of a contribution.

import { button, el, paragraphs } from "../dom";
import type { Mount } from "../shell";

export const mountStart: Mount = (host, app, shell) => {
  const { publication } = app;
  const { procedure } = publication;
  const today = new Date().toISOString().slice(0, 10);
  const span = { from: app.day(procedure.starts), to: app.day(procedure.ends) };
  const when = procedure.ends < today ? "ended" : procedure.starts > today ? "begins" : "until";
  const fact = (title: Parameters<typeof app.word>[0], text: typeof procedure.open): HTMLElement =>
    el("div", { class: "fact" }, el("h3", {}, app.word(title)), ...paragraphs(app.text(text)));
  const hasPictures = publication.viewpoints.some((one) => Object.keys(one.pictures).length > 0);
  host.append(
    el("h2", {}, app.text(publication.question) || app.word("start")),
    ...paragraphs(app.text(publication.summary)),
    app.language === "plain" && publication.plain_checked
      ? el("p", { class: "quiet" }, app.word("plainChecked", { by: publication.plain_checked.by, on: app.day(publication.plain_checked.on) }))
      : "",
    el(
      "div",
      { class: "actions" },
      hasPictures ? button(app.word("minute"), () => shell.go("pictures"), { class: "primary" }) : "",
      button(app.word("seeTown"), () => shell.go("look"), { class: hasPictures ? "" : "primary" }),
    ),
    hasPictures ? el("p", { class: "quiet" }, app.word("minuteHint")) : "",
    el("p", { class: `procedure ${when}` }, `${app.word(procedure.kind)} `, el("strong", {}, app.word(when, span))),
    el(
      "div",
      { class: "facts" },
      fact("openTitle", procedure.open),
      fact("fixedTitle", procedure.fixed),
      fact("decidesTitle", procedure.decides),
      fact("useTitle", procedure.contributions),
    ),
    ...paragraphs(app.text(procedure.note)),
    procedure.portal && !app.kiosk ? el("p", {}, el("a", { href: procedure.portal, rel: "noreferrer" }, app.word("portal"))) : "",
  );
};
