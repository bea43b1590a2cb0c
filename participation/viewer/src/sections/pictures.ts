// A picture, and three words about it: the shortest way to take part, on a phone first.

import { MOST_COMMENTS, type Feeling } from "../contribution";
import { button, choice, el } from "../dom";
import { addressOf } from "../files";
import type { Language, Publication } from "../publication";
import type { Mount } from "../shell";
import { words } from "./words";

/** What is said below a film, in the visitor's language, else in German. */
function captions(files: Publication["films"][number]["vtt"], language: Language): HTMLElement | undefined {
  const file = files[language] ?? files.de;
  return file && el("track", { kind: "captions", src: file.url, srclang: files[language] && language === "en" ? "en" : "de", default: true });
}

export const mountPictures: Mount = (host, app, shell) => {
  const { publication } = app;
  const views = publication.viewpoints.filter((one) => Object.keys(one.pictures).length > 0).sort((a, b) => Number(b.kind === "eye") - Number(a.kind === "eye"));
  let at = 0;
  const figure = el("figure", { class: "view" });
  const form = el("form", { class: "feeling" });
  const title = el("h2", {}, app.word("pictures"));
  const variants = app.variants.filter((one) => views.some((view) => view.pictures[one.id]));
  if (app.variant === "bestand" && variants.length > 1) app.setVariant(variants.find((one) => one.id !== "bestand")!.id);

  const show = (): void => {
    const view = views[at]!;
    const picture = view.pictures[app.variant] ?? view.pictures["bestand"]!;
    figure.replaceChildren(
      el("img", { src: addressOf(picture.url), width: picture.width, height: picture.height, alt: app.text(picture.alt) }),
      el("figcaption", {}, `${app.text(view.name)} · ${app.nameOf(app.variant)} · `, el("span", { class: "quiet" }, app.word("notPromise"))),
    );
    form.replaceChildren();
    if (app.variant !== "bestand") ask();
  };
  const ask = (): void => {
    const view = views[at]!;
    const text = words(app, app.word("yourWords"));
    const keep = (feeling: Feeling): void => {
      if (app.draft.comments.length >= MOST_COMMENTS) return shell.announce(app.word("tooMany"));
      const same = (id: string): boolean => id === `${view.id}`;
      app.say((draft) => {
        draft.comments.push({
          id: crypto.randomUUID(), position: null, object: null, place: publication.places.find((one) => same(one.id))?.id ?? null, variant: app.variant,
          camera: {
            position: world(view.position), target: world(view.target), field_of_view: view.field_of_view,
          },
          category: null, feeling, text: text.value(),
        });
      });
      shell.announce(app.word("kept"));
      at = (at + 1) % views.length;
      show();
      figure.scrollIntoView({ block: "nearest" });
    };
    form.append(
      text.element,
      el("div", { class: "feelings" },
        button(app.word("like"), () => keep("like"), { class: "like" }),
        button(app.word("dislike"), () => keep("dislike"), { class: "dislike" }),
        button(app.word("question"), () => keep("question"), { class: "question" })),
    );
  };
  const world = ([x, y, z]: [number, number, number]): [number, number, number] => [x + publication.place.easting, y + publication.place.northing, z];
  const turn = (by: number): void => {
    at = (at + by + views.length) % views.length;
    count.textContent = app.word("pictureOf", { n: at + 1, of: views.length });
    show();
  };
  const count = el("span", { class: "count" }, app.word("pictureOf", { n: 1, of: views.length }));
  form.addEventListener("submit", (event) => event.preventDefault());
  host.append(
    title,
    choice(app.word("variant"), variants.map((one) => [one.id, app.text(one.name)]), app.variant, (id) => { app.setVariant(id); show(); }),
    figure,
    form,
    el("div", { class: "turn" }, button(app.word("previous"), () => turn(-1)), count, button(app.word("next"), () => turn(1))),
  );
  if (publication.pictures.length) {
    host.append(
      el("div", { class: "gallery" }, ...publication.pictures.map((one) =>
        el("figure", {}, el("img", { src: addressOf(one.url), width: one.width, height: one.height, alt: app.text(one.alt), loading: "lazy" }), el("figcaption", {}, app.text(one.title))))),
    );
  }
  if (publication.films.length) {
    host.append(
      el("h3", {}, app.word("films")),
      ...publication.films.map((film) =>
        el("figure", {},
          el("video", { controls: true, preload: "none", poster: film.poster?.url, "aria-label": app.text(film.alt) },
            film.webm && el("source", { src: film.webm.url, type: "video/webm" }),
            film.mp4 && el("source", { src: film.mp4.url, type: "video/mp4" }),
            captions(film.vtt, app.language)),
          el("figcaption", {}, app.text(film.title)))),
    );
  }
  show();
};
