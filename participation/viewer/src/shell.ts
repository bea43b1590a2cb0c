// The frame of the page: title, sections, the model beside or above them, messages, and the kiosk's clock.

import type { App, Word } from "./app";
import { mountBuild } from "./own/build";
import { isEmpty } from "./contribution";
import { button, el } from "./dom";
import { mountNearby } from "./nearby/nearby";
import type { Language } from "./publication";
import { momentOf } from "./sun";
import { mountAbout } from "./sections/about";
import { mountCompare } from "./sections/compare";
import { mountLook } from "./sections/look";
import { mountNumbers } from "./sections/numbers";
import { mountPictures } from "./sections/pictures";
import { mountStart } from "./sections/start";
import { mountTalk } from "./sections/talk";

/** A section of the page: puts itself into a host, and may give what is to be done when it is left. */
export type Mount = (host: HTMLElement, app: App, shell: Shell) => void | (() => void);

interface Section {
  name: Word & string;
  mount: Mount;
  /** whether the model is seen with it on a phone too */
  stage: boolean;
}

const SECTIONS: Section[] = [
  { name: "start", mount: mountStart, stage: false },
  { name: "pictures", mount: mountPictures, stage: false },
  { name: "look", mount: mountLook, stage: true },
  { name: "compare", mount: mountCompare, stage: true },
  { name: "talk", mount: mountTalk, stage: false },
  { name: "build", mount: mountBuild, stage: true },
  { name: "nearby", mount: mountNearby, stage: true },
  { name: "numbers", mount: mountNumbers, stage: false },
  { name: "about", mount: mountAbout, stage: false },
];
const WIDE = matchMedia("(min-width: 60rem)");

export class Shell {
  private readonly live = el("div", { class: "announcement", role: "status", "aria-live": "polite" });
  private readonly panel = el("main", { id: "panel", tabindex: -1 });
  private readonly nav = el("nav", { id: "sections" });
  private readonly head = el("header", { id: "head" });
  private readonly stage = el("section", { id: "stage" });
  private readonly status = el("div", { class: "stage-status" });
  private leave: (() => void) | void = undefined;
  private begun = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly app: App,
  ) {
    const skip = el("a", { class: "skip", href: "#panel", onclick: (event) => { event.preventDefault(); this.panel.focus(); } }, app.word("skip"));
    const canvas = el("canvas", { tabindex: 0, role: "application" });
    this.stage.append(canvas, this.status);
    host.replaceChildren(skip, this.head, this.nav, this.stage, this.panel, this.live);
    window.addEventListener("hashchange", () => this.route());
    window.addEventListener("beforeunload", (event) => { if (!isEmpty(app.draft)) event.preventDefault(); });
    app.on("language", () => this.dress());
    app.on("variant", () => { this.name(canvas); if (this.begun) void app.stage().then((stage) => stage.show(app.variant)); });
    app.on("draft", () => this.listSections());
    WIDE.addEventListener("change", () => this.begin());
    this.dress();
    this.name(canvas);
    if (app.kiosk) this.watch();
  }

  /** Goes to a section. */
  go(name: string): void {
    if (location.hash === `#${name}`) this.route();
    else location.hash = name;
  }

  /** Says something to everyone: below on the screen, and to screen readers. */
  announce(text: string): void {
    this.live.textContent = "";
    this.live.textContent = text;
    this.live.classList.add("shown");
    window.setTimeout(() => this.live.textContent === text && this.live.classList.remove("shown"), 6000);
  }

  private dress(): void {
    const { app } = this;
    document.documentElement.lang = app.language === "en" ? "en" : "de";
    document.title = app.text(app.publication.title);
    const names: Record<Language, string> = {
      de: "Deutsch", plain: app.word(app.publication.plain_checked ? "languagePlain" : "languageEasy"), en: "English",
    };
    const languages = el(
      "select",
      { "aria-label": app.word("languageLabel"), onchange: (event) => app.setLanguage((event.target as HTMLSelectElement).value as Language) },
      ...app.publication.languages.map((one) => el("option", { value: one, selected: one === app.language }, names[one])),
    );
    this.head.replaceChildren(
      ...(app.publication.preview ? [el("p", { class: "preview" }, app.word("preview"))] : []),
      el("p", { class: "town" }, app.publication.place.name),
      el("h1", {}, app.text(app.publication.title)),
      ...(app.publication.languages.length > 1 ? [languages] : []),
    );
    this.route();
  }

  private listSections(): void {
    const { app } = this;
    this.nav.setAttribute("aria-label", app.word("menu"));
    const [here] = location.href.split("#"); // whole, so that none is taken for a link that skips to a place on this page
    const waiting = isEmpty(app.draft) ? "" : " •";
    this.nav.replaceChildren(
      el("ul", {}, ...SECTIONS.filter(({ name }) => name !== "about" && this.offered(name)).map(({ name }) =>
        el("li", {}, el("a", { href: `${here}#${name}`, "aria-current": name === app.section ? "page" : null }, app.word(name) + (name === "talk" ? waiting : ""))))),
    );
    const current = this.nav.querySelector<HTMLElement>("[aria-current]"); // on a narrow screen the row is longer than the screen
    if (current) this.nav.scrollLeft = current.offsetLeft - (this.nav.clientWidth - current.offsetWidth) / 2;
  }

  private offered(name: string): boolean {
    const { publication } = this.app;
    if (name === "build") return publication.builder !== null;
    if (name === "pictures") return publication.viewpoints.some((one) => Object.keys(one.pictures).length > 0) || publication.pictures.length > 0;
    if (name === "nearby") return publication.model.terrain !== null;
    return true;
  }

  private route(): void {
    const name = location.hash.slice(1);
    const section = SECTIONS.find((one) => one.name === name && this.offered(one.name)) ?? SECTIONS[0]!;
    const moved = this.app.section !== section.name;
    if (this.leave) this.leave();
    this.app.setSection(section.name);
    this.host.dataset["section"] = section.name;
    this.host.classList.toggle("with-stage", section.stage);
    this.listSections();
    const content = el("div", { class: "content" });
    this.panel.replaceChildren(content);
    this.leave = section.mount(content, this.app, this);
    this.panel.append(el("footer", { class: "foot" }, el("a", { href: "#about" }, this.app.word("about")), el("a", { href: "#talk" }, this.app.word("talk"))));
    this.begin();
    if (moved) {
      this.panel.scrollTop = 0;
      if (!WIDE.matches) window.scrollTo(0, 0);
      this.panel.focus({ preventScroll: true });
    }
  }

  /** Loads the model even where a small screen would wait for it. */
  beginStage(): void {
    this.begin(true);
  }

  /** Loads the model when it is to be seen: at once beside the text, on a phone when it is asked for. */
  private begin(asked = false): void {
    if (this.begun || !this.app.publication.model.terrain) return;
    if (!asked && !WIDE.matches && !this.host.classList.contains("with-stage")) return;
    this.begun = true;
    void this.load();
  }

  private async load(): Promise<void> {
    const { app } = this;
    try {
      const stage = await app.stage();
      const said = el("p", {}, app.word("loading", { share: 0 }));
      this.status.replaceChildren(said);
      await stage.load((share) => (said.textContent = app.word("loading", { share: Math.round(share * 100) })));
      this.status.replaceChildren();
      this.stage.dataset["ready"] = "yes";
      await stage.show(app.variant);
      stage.setSun(momentOf(app.moment.day, app.moment.minutes, app.publication.place.time_zone));
    } catch (problem) {
      this.begun = false;
      const webgl = document.createElement("canvas").getContext("webgl2") !== null;
      this.status.replaceChildren(
        el("p", { role: "alert" }, webgl ? app.failed(problem) : app.word("no3d")),
        webgl && button(app.word("again"), () => this.begin(), { class: "primary" }) || "",
      );
    }
  }

  private name(canvas: HTMLCanvasElement): void {
    this.stage.setAttribute("aria-label", this.app.word("look"));
    canvas.setAttribute("aria-label", this.app.word("canvas", { variant: this.app.nameOf(this.app.variant) }));
  }

  /** In a kiosk the page begins anew when nobody has touched it for a while, after a warning that can be answered. */
  private watch(): void {
    const { app } = this;
    document.documentElement.classList.add("kiosk");
    const WARNING = 15;
    let last = Date.now();
    const dialog = el("dialog", { class: "kiosk-warning" });
    this.host.append(dialog);
    for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) {
      window.addEventListener(event, () => { last = Date.now(); if (dialog.open) dialog.close(); }, { passive: true });
    }
    window.setInterval(() => {
      const left = app.publication.kiosk.seconds - (Date.now() - last) / 1000;
      if (left <= 0) {
        last = Date.now();
        dialog.close();
        if (app.section !== "start" || !isEmpty(app.draft) || app.variant !== "bestand") {
          app.forget();
          app.setVariant("bestand");
          this.go("start");
        }
      } else if (left <= WARNING && !dialog.open && (app.section !== "start" || !isEmpty(app.draft))) {
        dialog.replaceChildren(el("p", {}, app.word("kioskReset", { n: Math.ceil(left) })), button(app.word("kioskStay"), () => dialog.close(), { class: "primary" }));
        dialog.showModal();
      }
    }, 1000);
  }
}
