// Imprint, privacy, accessibility, rules for contributions, sources.

import { el, paragraphs } from "../dom";
import type { Mount } from "../shell";

export const mountAbout: Mount = (host, app) => {
  const { texts, sources, published, program, revision } = app.publication;
  host.append(el("h2", {}, app.word("about")));
  for (const [name, text] of [["imprint", texts.imprint], ["privacy", texts.privacy], ["netiquette", texts.netiquette], ["accessibility", texts.accessibility]] as const) {
    const said = app.text(text);
    if (said) host.append(el("section", {}, el("h3", { id: name }, app.word(name)), ...paragraphs(said)));
  }
  host.append(
    el("h3", {}, app.word("sources")),
    el("ul", {}, ...sources.map((one) => el("li", {}, one.url ? el("a", { href: one.url, rel: "noreferrer" }, one.text) : one.text))),
    el("p", { class: "quiet" }, `${app.word("published", { day: app.day(published.slice(0, 10)) })} · ${app.word("program", { version: program })} · ${revision.slice(0, 8)}`),
  );
};
