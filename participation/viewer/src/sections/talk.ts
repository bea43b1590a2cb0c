// Having one's say: about a place or a design, by judging and by choosing between two; and handing it all in.

import { qr } from "./qr";
import { type Contribution, type Feeling, MOST_COMMENTS, asFragment, asText, checked, fileName, isEmpty, send, toWorld } from "../contribution";
import { button, choice, el, field } from "../dom";
import type { Place } from "../publication";
import type { Mount, Shell } from "../shell";
import { type App, messageOf } from "../app";
import { fromThree } from "../stage/stage";
import { marker } from "../stage/marks";
import { onTap } from "./look";
import { words } from "./words";

export const mountTalk: Mount = (host, app, shell) => {
  const gone: (() => void)[] = [];
  const own = el("section", { class: "yours" });
  const list = (): void => own.replaceChildren(el("h3", {}, app.word("yours")), ...summary(app), ...handIn(app, shell));
  list();
  gone.push(app.on("draft", list));
  const proposals = app.variants.filter((one) => one.id !== "bestand");
  host.append(
    el("h2", {}, app.word("talk")),
    commentForm(app, shell, gone),
    ...(app.publication.criteria.length && proposals.length ? [judging(app)] : []),
    ...(proposals.length > 1 ? [choosing(app)] : []),
    own,
  );
  return () => {
    gone.forEach((one) => one());
    document.getElementById("app")!.classList.remove("with-stage");
  };
};

function commentForm(app: App, shell: Shell, gone: (() => void)[]): HTMLElement {
  const { publication } = app;
  let [position, object, feeling] = [null as Place | null, null as string | null, null as Feeling | null];
  const text = words(app, app.word("yourWordsNeeded"));
  const option = (value: string, label: string): HTMLOptionElement => el("option", { value }, label);
  const place = el("select", {}, option("", app.word("noPlace")), ...publication.places.map((one) => option(one.id, app.text(one.label))));
  const category = el("select", {}, option("", app.word("noCategory")), ...publication.categories.map((one) => option(one.id, app.text(one.label))));
  const variant = el("select", {}, option("", app.word("allVariants")), ...app.variants.map((one) => option(one.id, app.text(one.name))));
  variant.value = app.variant === "bestand" ? "" : app.variant;
  const pinned = el("p", { role: "status", class: "quiet" });
  const forget = button(app.word("takePinOff"), () => set(null, null));
  forget.hidden = true;
  const set = (at: Place | null, what: string | null): void => {
    [position, object] = [at, what];
    forget.hidden = at === null;
    const near = at ? app.placeName(at) : "";
    pinned.textContent = at ? (near ? app.word("pinnedAt", { place: near }) : app.word("pinned")) : "";
    void app.stage().then((stage) => {
      stage.takeOff("pin");
      if (at) stage.overlay.add(marker(at, 0xd55e00, "pin"));
      stage.draw();
    });
  };
  let stop: (() => void) | null = null;
  const pin = button(app.word("putPin"), () => {
    document.getElementById("app")!.classList.add("with-stage");
    window.dispatchEvent(new Event("resize"));
    pinned.textContent = app.word("putPinNow");
    shell.beginStage();
    stop?.();
    stop = onTap(app, (at, _stage, what) => { set(at, what); stop?.(); stop = null; });
    document.getElementById("stage")!.scrollIntoView({ block: "nearest" });
    void app.stage().then(({ canvas }) => canvas.focus({ preventScroll: true })); // whoever has but keys points from there
  });
  gone.push(() => { stop?.(); if (position) set(null, null); });
  const form = el("form", { class: "comment" },
    el("h3", {}, app.word("comment")),
    el("div", { class: "row" }, field(app.word("aboutVariant"), variant), field(app.word("place"), place)),
    publication.model.terrain ? el("div", { class: "row" }, pin, forget) : "",
    pinned,
    publication.categories.length ? field(app.word("category"), category) : "",
    choice<Feeling | "none">(app.word("feelingLabel"), [["like", app.word("saidLike")], ["dislike", app.word("saidDislike")], ["question", app.word("saidQuestion")], ["none", "–"]], "none", (value) => (feeling = value === "none" ? null : value)),
    text.element,
    el("button", { type: "submit", class: "primary" }, app.word("addComment")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!text.value() && !feeling) { text.area.focus(); return shell.announce(app.word("needWords")); }
    if (app.draft.comments.length >= MOST_COMMENTS) return shell.announce(app.word("tooMany"));
    let camera: Contribution["comments"][number]["camera"] = null;
    if (position) {
      const stage = await app.stage();
      const { camera: eye, navigation } = stage;
      camera = { position: toWorld(fromThree(eye.position), publication), target: toWorld(fromThree(navigation.target()), publication), field_of_view: eye.fov };
    }
    const at = position ? toWorld(position, publication) : null;
    app.say((draft) => draft.comments.push({
      id: crypto.randomUUID(), position: at, object, place: place.value || null, variant: variant.value || null, camera, category: category.value || null, feeling, text: text.value(),
    }));
    shell.announce(app.word("kept"));
    set(null, null);
    text.area.value = "";
    text.area.dispatchEvent(new Event("input"));
    feeling = null;
    form.querySelectorAll<HTMLInputElement>("input[type=radio]").forEach((one) => (one.checked = one.value === "none"));
  });
  return form;
}

function judging(app: App): HTMLElement {
  const proposals = app.variants.filter((one) => one.id !== "bestand");
  const select = (variant: string, criterion: string, label: string): HTMLSelectElement => {
    const said = app.draft.judgements.find((one) => one.variant === variant && one.criterion === criterion)?.value;
    const made = el("select", {
      "aria-label": label,
      onchange: () => app.say((draft) => {
        draft.judgements = draft.judgements.filter((one) => one.variant !== variant || one.criterion !== criterion);
        if (made.value) draft.judgements.push({ variant, criterion, value: Number(made.value) });
      }),
    }, el("option", { value: "" }, app.word("noJudgement")), ...[1, 2, 3, 4, 5].map((n) => el("option", { value: n, selected: n === said }, String(n))));
    return made;
  };
  return el("section", {},
    el("h3", {}, app.word("judge")),
    el("p", { class: "quiet" }, app.word("judgeScale")),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": app.word("judge") },
      el("table", {},
        el("thead", {}, el("tr", {}, el("td", {}), ...proposals.map((one) => el("th", { scope: "col" }, app.text(one.name))))),
        el("tbody", {}, ...app.publication.criteria.map((criterion) =>
          el("tr", {},
            el("th", { scope: "row" }, app.text(criterion.label), el("br"), el("small", {}, app.text(criterion.question))),
            ...proposals.map((one) => el("td", {}, select(one.id, criterion.id, `${app.text(criterion.label)}, ${app.text(one.name)}`)))))))));
}

function choosing(app: App): HTMLElement {
  const proposals = app.variants.filter((one) => one.id !== "bestand").map((one) => one.id);
  const pairs: [string, string][] = proposals.flatMap((one, k) => proposals.slice(k + 1).map((other): [string, string] => (Math.random() < 0.5 ? [one, other] : [other, one])));
  const host = el("div", { class: "pair" });
  const view = app.publication.viewpoints.find((one) => one.kind === "eye" && Object.keys(one.pictures).length > 0) ?? app.publication.viewpoints[0];
  const show = (): void => {
    const done = app.draft.choices.map(({ shown }) => [...shown].sort().join());
    const open = pairs.filter((pair) => !done.includes([...pair].sort().join()));
    const pair = open[0];
    if (!pair) return host.replaceChildren(el("p", {}, app.word("chooseDone")));
    const say = (chosen: string | null): void => { app.say((draft) => draft.choices.push({ shown: pair, chosen, criterion: null })); show(); };
    host.replaceChildren(
      el("p", { class: "quiet" }, app.word("choosePair", { n: pairs.length - open.length + 1, of: pairs.length })),
      el("div", { class: "two" }, ...pair.map((id) => {
        const picture = view?.pictures[id];
        return el("figure", {},
          picture ? el("img", { src: picture.url, width: picture.width, height: picture.height, alt: app.text(picture.alt), loading: "lazy" }) : "",
          el("figcaption", {}, app.nameOf(id)),
          button(app.word("chooseThis"), () => say(id), { "aria-label": `${app.word("chooseThis")}: ${app.nameOf(id)}` }));
      })),
      button(app.word("neither"), () => say(null)));
  };
  show();
  return el("section", {}, el("h3", {}, app.word("choose")), host);
}

function summary(app: App): HTMLElement[] {
  const { draft } = app;
  if (isEmpty(draft)) return [el("p", {}, app.word("yoursEmpty"))];
  const remove = (label: string, drop: (draft: Contribution) => void): HTMLElement => button(app.word("remove"), () => app.say(drop), { class: "small", "aria-label": `${app.word("remove")}: ${label}` });
  const feelings: Record<Feeling, string> = { like: app.word("saidLike"), dislike: app.word("saidDislike"), question: app.word("saidQuestion") };
  return [
    el("ul", { class: "draft" },
      ...draft.comments.map((one) => {
        const where = one.place ? app.text(app.publication.places.find((place) => place.id === one.place)?.label) : one.position ? app.word("pinned") : "";
        const label = [one.variant ? app.nameOf(one.variant) : "", where, one.feeling ? feelings[one.feeling] : "", one.text].filter(Boolean).join(" · ");
        return el("li", {}, el("span", {}, label), remove(label, (all) => (all.comments = all.comments.filter((other) => other.id !== one.id))));
      }),
      ...draft.variants.map((one) => {
        const label = app.word("ownVariant", { name: String(one["name"]) });
        return el("li", {}, el("span", {}, label), remove(label, (all) => (all.variants = all.variants.filter((other) => other !== one))));
      }),
      draft.judgements.length ? el("li", {}, el("span", {}, app.word("judgements", { n: draft.judgements.length })), remove("", (all) => (all.judgements = []))) : "",
      draft.choices.length ? el("li", {}, el("span", {}, app.word("choices", { n: draft.choices.length })), remove("", (all) => (all.choices = []))) : ""),
  ];
}

function handIn(app: App, shell: Shell): HTMLElement[] {
  const { draft, publication } = app;
  const open = el("input", { type: "file", accept: "application/json,.json" });
  open.addEventListener("change", async () => {
    try {
      app.draft = checked(JSON.parse(await open.files![0]!.text()));
      app.changed("draft");
    } catch {
      shell.announce(app.word("notOpened"));
    }
  });
  const opening = field(app.word("openFile"), open);
  if (isEmpty(draft)) return [opening];
  const consent = el("input", { type: "checkbox", checked: draft.consent, onchange: () => (draft.consent = consent.checked) });
  const said = el("p", { role: "status" });
  const code = el("div", { class: "qr" });
  const allowed = (): boolean => {
    if (!draft.consent) { said.textContent = app.word("needConsent"); consent.focus(); }
    return draft.consent;
  };
  const link = async (): Promise<string> => `${publication.url || location.href.split("#")[0]}#${await asFragment(draft)}`;
  const save = button(app.word("saveFile"), () => {
    if (!allowed()) return;
    const address = URL.createObjectURL(new Blob([asText(draft)], { type: "application/json" }));
    el("a", { href: address, download: fileName(draft) }).click();
    window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  const copy = button(app.word("copyLink"), async () => {
    if (!allowed()) return;
    const address = await link();
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = app.word("copied");
    } catch {
      const shown = el("input", { type: "text", readonly: true, value: address, "aria-label": app.word("copyLink") });
      said.replaceChildren(shown);
      shown.select();
    }
  });
  const show = button(app.word("showQr"), async () => {
    if (!allowed()) return;
    const drawn = qr(await link());
    if (!drawn) return void (said.textContent = app.word("qrTooLong"));
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", app.word("qrAlt"));
    code.replaceChildren(drawn);
  });
  const sendNow = button(app.word("send"), async () => {
    if (!allowed()) return;
    sendNow.disabled = true;
    said.textContent = app.word("sending");
    try {
      const { number, code: secret } = await send(draft, publication.server);
      app.forget();
      shell.announce(app.word("sent", { number, code: secret }));
      document.querySelector(".yours")?.prepend(el("p", { class: "sent", role: "status" }, app.word("sent", { number, code: secret })));
    } catch (problem) {
      sendNow.disabled = false;
      said.textContent = app.word("notSent", { why: messageOf(problem) });
    }
  }, { class: "primary" });
  const { email } = publication.contact;
  return [
    el("h3", {}, app.word("sendTitle")),
    el("label", { class: "consent" }, consent, app.word("consent")),
    ...(publication.server ? [sendNow] : [el("p", {}, app.word("noServer"))]),
    el("div", { class: "row" }, save, copy, show),
    ...(publication.server || !email ? [] : [el("p", { class: "quiet" }, `${app.word("sendTo", { email })}, ${app.word("handIn")}`)]),
    said,
    code,
    el("div", { class: "row" }, button(app.word("startNew"), () => app.forget())),
    opening,
  ];
}
