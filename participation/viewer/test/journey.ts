// A visitor in a real browser: what they see, do and take away, told as JSON. Arguments: what to do, the published folder, where files go.

import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";

const [, , what, folder, out] = process.argv as [string, string, string, string, string];
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".webp": "image/webp", ".svg": "image/svg+xml",
};
const GL = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

function serve(root: string): Promise<Server> {
  const server = createServer((request, answer) => {
    let file = join(root, decodeURIComponent(new URL(request.url!, "http://x").pathname));
    if (file.endsWith("/")) file += "index.html";
    if (!existsSync(file)) return void answer.writeHead(404).end();
    answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(answer);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

const address = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Seen {
  problems: string[];
  foreign: string[];
  bytes: number;
}

async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<{ page: Page; seen: Seen }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "de-DE", acceptDownloads: true, ...options });
  const page = await context.newPage();
  const seen: Seen = { problems: [], foreign: [], bytes: 0 };
  page.on("console", (message) => { if (message.type() === "error" || message.text().includes("Content Security")) seen.problems.push(message.text()); });
  page.on("pageerror", (problem) => seen.problems.push(String(problem)));
  page.on("request", (request) => { if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url.split("/").slice(0, 3).join("/"))) seen.foreign.push(request.url()); });
  page.on("response", (answer) => void answer.body().then((body) => (seen.bytes += body.length), () => undefined));
  await page.goto(url);
  return { page, seen };
}

/** Waits until something is so; strict CSP forbids playwright's own way of asking. */
async function until(page: Page, asked: () => boolean, seconds = 60): Promise<void> {
  for (let k = 0; k < seconds * 10; k++) {
    if (await page.evaluate(asked)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`not so after ${seconds} s: ${asked}`);
}

const ready = (page: Page): Promise<void> => until(page, () => document.getElementById("stage")?.dataset["ready"] === "yes");

async function go(page: Page, section: string): Promise<void> {
  await page.evaluate((name) => { location.hash = name; }, section);
  await page.waitForTimeout(300);
}

const AXE = readFileSync(join(process.cwd(), "node_modules/axe-core/axe.min.js"), "utf8");

/** What axe finds on the page as it is. */
async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run: (node: Node, options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } }).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    });
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`).join(" | ")}`);
  });
}

const SECTIONS = ["start", "pictures", "look", "compare", "talk", "build", "nearby", "numbers", "about"];

/** Colour of some places of the model as it is on the screen. */
async function colours(page: Page, shares: [number, number][]): Promise<string[]> {
  const shot = (await page.locator("#stage canvas").screenshot()).toString("base64");
  return page.evaluate(async ([data, at]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data as string}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    return (at as [number, number][]).map(([x, y]) => [...context.getImageData(x * image.width, y * image.height, 1, 1).data].join());
  }, [shot, shares] as const);
}

/** The value at the first of some places that has one: under a roof there is none, and which design is shown is left to chance. */
async function probed(page: Page): Promise<string> {
  const box = (await page.locator("#stage canvas").boundingBox())!;
  for (const [x, y] of [[0.5, 0.5], [0.8, 0.6], [0.72, 0.5], [0.6, 0.8], [0.5, 0.6], [0.3, 0.7]] as const) {
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    for (let waited = 0; waited < 20; waited++) {
      const told = await page.locator(".probe").textContent();
      if (told && /\d/.test(told)) return told;
      await page.waitForTimeout(100);
    }
  }
  throw new Error("no place tried has a value");
}

/** Places all over the model. */
const GRID = [...Array(30).keys()].flatMap((x) => [...Array(20).keys()].map((y): [number, number] => [(x + 0.5) / 30, (y + 0.5) / 20]));

/** What a section draws, in metres: its length by its height, and each house's outline. */
async function drawnSection(page: Page): Promise<object> {
  return page.evaluate(() => {
    const drawing = document.querySelector("svg.section")!;
    const [, , wide, high] = drawing.getAttribute("viewBox")!.split(" ").map(Number) as [number, number, number, number];
    const { width, height } = drawing.getBoundingClientRect();
    const box = (one: Element): number[] => { const { x, y, width: w, height: h } = (one as SVGGraphicsElement).getBBox(); return [x, y, w, h]; };
    return { across: width / wide, up: height / high, stays: [...drawing.querySelectorAll("path.stays")].map(box), fresh: [...drawing.querySelectorAll("path.new")].map(box) };
  });
}

async function visitor(browser: Browser, url: string): Promise<object> {
  const { page, seen } = await open(browser, url);
  await page.waitForSelector("h2");
  const facts = await page.locator(".fact h3").allTextContents();
  await ready(page);
  await page.waitForTimeout(500);
  const interactive = seen.bytes;

  await go(page, "look");
  const order = await page.locator("main .choice").first().locator("label").allTextContents();
  await page.locator("main .choice label").nth(1).click();
  await page.getByLabel("Tag").fill("2025-06-21");
  await page.getByLabel("Uhrzeit").fill("600");
  const sun = await page.locator("fieldset p.quiet").first().textContent();
  const layer = page.getByLabel("Ergebnisse", { exact: true }).last();
  await layer.selectOption({ index: 1 });
  await until(page, () => document.querySelectorAll(".classes li").length > 1);
  const legend = await page.locator(".classes li").allTextContents();
  await page.waitForTimeout(400);
  const box = (await page.locator("#stage canvas").boundingBox())!;
  const probe = await probed(page);
  const changes = await page.locator(".changes").textContent();

  // Points and lines: drawn, in the legend's colours, and as a table.
  const before_marks = await colours(page, GRID);
  await layer.selectOption({ label: "Sichtlinien" });
  await until(page, () => document.querySelector("details table caption")?.textContent === "Sichtlinien");
  await page.waitForTimeout(600);
  const after_marks = await colours(page, GRID);
  const lines = { changed: before_marks.filter((one, k) => one !== after_marks[k]).length, rows: await page.locator("details table tbody tr").allTextContents() };
  await layer.selectOption({ index: await layer.locator("option").evaluateAll((all) => all.findIndex((one) => one.textContent!.endsWith("an Immissionsorten"))) });
  await until(page, () => document.querySelector("details table caption")?.textContent?.includes("Immissionsorten") === true);
  const points = await page.locator("details table tbody tr").allTextContents();
  await layer.selectOption("");

  const street = page.getByLabel("Schnitt durch");
  const streets = await street.locator("option").allTextContents();
  await street.selectOption({ label: "Gerberstraße" });
  await until(page, () => document.querySelector("svg.section") !== null);
  const section = { told: await page.locator("svg.section").getAttribute("aria-label"), drawn: await drawnSection(page) };

  // Down on the street one stands in the open, on the ground, and sees more than a wall.
  await page.getByRole("button", { name: "Auf die Straße gehen" }).click();
  await page.waitForTimeout(500);
  const walking = await page.evaluate(async () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const stage = await (window as any).jenaPlanner.stage();
    const { x, y, z } = stage.camera.position;
    const ahead = stage.navigation.target().sub(stage.camera.position).normalize();
    return { above: y - stage.groundAt(x, -z), room: stage.sees([x, -z, y], [x + ahead.x * 9, -z - ahead.z * 9, y + ahead.y * 9]) };
  });

  await go(page, "numbers");
  await page.getByRole("button", { name: "Dichte (GFZ)" }).click();
  const reckoned = await page.locator("tr.how:not([hidden])").allInnerTexts();

  await go(page, "compare");
  await page.getByRole("radio", { name: "Schieben" }).check({ force: true });
  await page.waitForTimeout(500);
  const border = page.getByLabel("Grenze verschieben");
  await border.fill("100");
  await page.waitForTimeout(400);
  const one = await colours(page, [[0.5, 0.5], [0.45, 0.4], [0.55, 0.6]]);
  await border.fill("0");
  await page.waitForTimeout(400);
  const other = await colours(page, [[0.5, 0.5], [0.45, 0.4], [0.55, 0.6]]);

  const sides = await page.locator("#stage .side").allTextContents();
  await page.getByRole("radio", { name: "Unterschied zeigen" }).check({ force: true });
  await until(page, () => document.querySelectorAll(".classes li").length > 1);
  await page.waitForTimeout(400);
  const difference = await probed(page);

  await go(page, "talk");
  await page.getByRole("button", { name: "Stelle im Modell wählen" }).click();
  await page.waitForTimeout(200);
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await until(page, () => (document.querySelector(".comment [role=status]")?.textContent ?? "").startsWith("Stelle"));
  await page.getByLabel("Ihre Worte").fill("Mehr Bäume <b>hier</b>, bitte.");
  await page.getByRole("radio", { name: "stört" }).check({ force: true });
  await page.getByRole("button", { name: "Zum Beitrag hinzufügen" }).click();
  await page.locator("td select").first().selectOption("4");
  await page.getByRole("button", { name: /^Dieser:/ }).first().click();

  await go(page, "build");
  await page.getByLabel("Beginnen mit").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Anfangen" }).click();
  await page.getByRole("button", { name: "Haus", exact: true }).click();
  const before = await page.locator(".live strong").allTextContents();
  await page.getByRole("button", { name: "Geschosse: mehr" }).click();
  await page.getByLabel("Dach", { exact: true }).selectOption("hip");
  const after = await page.locator(".live strong").allTextContents();
  await page.getByRole("button", { name: "Zurück", exact: true }).click();
  await page.getByRole("button", { name: "Wieder vor" }).click();
  const again = await page.locator(".live strong").allTextContents();
  await page.getByLabel("Name des Entwurfs").fill("Unser Hof");
  await page.getByRole("button", { name: "In meinen Beitrag übernehmen" }).click();

  await go(page, "nearby");
  await page.getByRole("button", { name: "Stelle im Modell wählen" }).click();
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await until(page, () => document.querySelector(".card table") !== null);
  const nearby = await page.locator(".card tr").allTextContents();

  await go(page, "talk");
  await page.getByLabel(/dürfen veröffentlicht werden/).check();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Als Datei speichern" }).click();
  const file = await download;
  await file.saveAs(join(out, "beitrag.json"));
  const name = file.suggestedFilename();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Link kopieren" }).click();
  await page.waitForTimeout(300);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const figures = await page.evaluate(() => (window as never as { jenaPlanner: { publication: { figures: { key: string; values: object }[] } } }).jenaPlanner.publication.figures.length);
  const cookies = await page.context().cookies();
  const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
  await page.close({ runBeforeUnload: false });

  // Somebody opens the link: the same contribution is there.
  const opened = await open(browser, `${url}#${link.split("#")[1]}`);
  await opened.page.waitForSelector(".draft li");
  const carried = await opened.page.evaluate(() => JSON.stringify((window as never as { jenaPlanner: { draft: object } }).jenaPlanner.draft));
  writeFileSync(join(out, "link.json"), carried);
  return { facts, interactive, order, walking, lines, points, streets, section, reckoned, sun, legend, probe, changes, one, other, sides, difference, before, after, again, nearby, name, figures, cookies, stored, link: link.length, ...seen, problems: [...seen.problems, ...opened.seen.problems] };
}

/** What is told at a window, in a garden and far away, on a narrow screen; and whether all of it is to be seen. */
async function nearby(browser: Browser, url: string): Promise<object> {
  const { page, seen } = await open(browser, url, { viewport: { width: 320, height: 640 } });
  await page.waitForSelector("h2");
  await go(page, "nearby");
  await ready(page);
  const spots = await page.evaluate(async () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const { publication, stage: asked } = (window as any).jenaPlanner as { publication: { place: { focus: number[] } }; stage: () => Promise<any> };
    const stage = await asked.call((window as any).jenaPlanner);
    const box = stage.canvas.getBoundingClientRect();
    const [west, south, east, north] = publication.place.focus as [number, number, number, number];
    const found: Record<string, [number, number]> = {};
    for (let y = 0.1; y < 0.97; y += 0.04) {
      for (let x = 0.05; x < 1; x += 0.04) {
        const picked = stage.pick(box.left + box.width * x, box.top + box.height * y);
        if (!picked) continue;
        const far = Math.max(west - picked.place[0], picked.place[0] - east, south - picked.place[1], picked.place[1] - north);
        if (picked.kind === "building" && Math.abs(picked.normal[2]) < 0.5 && far > 0 && far < 50) found["window"] = [x, y];
        if (picked.kind === "ground" && far > 5 && far < 50) found["garden"] = [x, y];
        if (picked.kind === "ground" && far > 120) found["far"] = [x, y];
      }
    }
    return found;
  });
  const told: Record<string, object> = {};
  for (const [name, [x, y]] of Object.entries(spots)) {
    await page.getByRole("radio", { name: name === "window" ? "ein Fenster" : "ein Garten" }).check({ force: true });
    await page.getByRole("button", { name: "Stelle im Modell wählen" }).click();
    await page.evaluate(() => { document.querySelector(".card")!.replaceChildren(); window.scrollTo(0, 0); });
    const box = (await page.locator("#stage canvas").boundingBox())!;
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await until(page, () => document.querySelector(".card h3") !== null);
    const card = await page.locator(".card").boundingBox();
    told[name] = {
      rows: await page.locator(".card tr").allInnerTexts(),
      problems: await page.locator(".card .problem").allInnerTexts(),
      shown: card!.y >= 0 && card!.y < 640 - 100,
      cut: await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".card, .card *")].filter((one) => one.getBoundingClientRect().right > innerWidth || one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).length),
    };
  }
  const rows = await page.locator(".card tr").count();
  await page.locator("header select").selectOption("en");
  await until(page, () => document.querySelector(".card h3")?.textContent === "What changes");
  const english = (await page.locator(".card tr").count()) === rows;
  return { told, english, ...seen };
}

/** Nothing but a keyboard: to a comment that is in a file. */
async function keyboard(browser: Browser, url: string): Promise<object> {
  const { page, seen } = await open(browser, url);
  await page.waitForSelector("h2");
  const focused = (): Promise<string> => page.evaluate(() => {
    const one = document.activeElement as HTMLElement;
    return `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent ?? ""} ${(one as HTMLInputElement).value ?? ""}`.slice(0, 200);
  });
  const outlined = (): Promise<boolean> => page.evaluate(() => {
    const one = document.activeElement as HTMLElement;
    const style = getComputedStyle(one.matches(".choice input") ? one.nextElementSibling! : one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const unseen: string[] = [];
  const to = async (pattern: RegExp): Promise<void> => {
    for (let k = 0; k < 120; k++) {
      await page.keyboard.press("Tab");
      const what = await focused();
      if (what.startsWith("BODY")) continue;
      if (!(await outlined())) unseen.push(what);
      if (pattern.test(what)) return;
    }
    throw new Error(`never reached by Tab: ${pattern}`);
  };
  await to(/^A Mitreden/);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  await to(/^TEXTAREA/);
  await page.keyboard.type("Mit der Tastatur gesagt.");
  await to(/^BUTTON Zum Beitrag/);
  await page.keyboard.press("Enter");
  await to(/^INPUT .*on/);
  await page.keyboard.press("Space");
  await to(/^BUTTON Als Datei/);
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  await (await download).saveAs(join(out, "tastatur.json"));
  // The camera by keys.
  await page.waitForSelector("#stage canvas");
  await ready(page);
  const eye = (): Promise<string> => page.evaluate(async () => (await (window as never as { jenaPlanner: { stage: () => Promise<{ camera: { position: { toArray: () => number[] } } }> } }).jenaPlanner.stage()).camera.position.toArray().map(Math.round).join());
  const first = await eye();
  await page.locator("#stage canvas").focus();
  await page.keyboard.press("ArrowLeft");
  const turned = await eye();
  await page.keyboard.press("+");
  const nearer = await eye();
  // A place of one's own: the button leads to the model, which shows what Enter takes.
  await go(page, "nearby");
  await to(/^BUTTON Stelle im Modell/);
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement?.tagName === "CANVAS");
  const mark = await page.evaluate(() => getComputedStyle(document.getElementById("stage")!, "::after").width);
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelector(".card h3") !== null);
  return { unseen, first, turned, nearer, mark, ...seen };
}

/** Everything that a checker of accessibility finds, in each section, language and light; and what does not fit on a narrow screen. */
async function everyone(browser: Browser, url: string): Promise<object> {
  const found: Record<string, string[]> = {};
  const wide: string[] = [];
  const small: string[] = [];
  for (const [name, options] of [
    ["de", {}],
    ["en", { colorScheme: "dark", locale: "en-GB" }],
    ["phone", { viewport: { width: 320, height: 640 }, reducedMotion: "reduce" }],
  ] as [string, BrowserContextOptions][]) {
    const { page } = await open(browser, url, options);
    await page.waitForSelector("h2");
    for (const section of SECTIONS) {
      await go(page, section);
      if (section === "build") {
        const begin = page.getByRole("button", { name: /Anfangen|Begin/ });
        if (await begin.count()) { await begin.click(); await page.waitForTimeout(800); }
      }
      const violations = await axe(page);
      if (violations.length) found[`${name} ${section}`] = violations;
      if (name === "phone") {
        if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1)) wide.push(section);
        small.push(...(await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("main button, main select, nav a, main input:not([type=radio]):not([type=checkbox])")]
          .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML.slice(0, 90)))));
      }
    }
    await page.context().close();
  }
  return { found, wide, small };
}

/** With a server that listens: what is sent, and what is said when it does not answer. */
async function sending(browser: Browser, url: string, requests: { body: string; header: string }[], fail: (now: boolean) => void): Promise<object> {
  const { page, seen } = await open(browser, url);
  await page.waitForSelector("h2");
  await go(page, "talk");
  await page.getByLabel("Ihre Worte").fill("Bitte ein Baum.");
  await page.getByRole("button", { name: "Zum Beitrag hinzufügen" }).click();
  await page.getByRole("button", { name: "Absenden", exact: true }).click();
  const asked = await page.locator(".yours [role=status]").textContent();
  await page.getByLabel(/dürfen veröffentlicht werden/).check();
  fail(true);
  await page.getByRole("button", { name: "Absenden", exact: true }).click();
  await until(page, () => (document.querySelector(".yours [role=status]")?.textContent ?? "").includes("nicht angekommen"));
  const refused = await page.locator(".yours [role=status]").textContent();
  const kept = await page.locator(".draft li").count();
  fail(false);
  await page.getByRole("button", { name: "Absenden", exact: true }).click();
  await until(page, () => document.querySelector(".sent") !== null);
  return { asked, refused, kept, sent: await page.locator(".sent").textContent(), left: await page.locator(".draft li").count(), requests, ...seen };
}

async function main(): Promise<object> {
  const browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: GL });
  const server = await serve(folder);
  const url = `${address(server)}/`;
  try {
    if (what === "visitor") return await visitor(browser, url);
    if (what === "nearby") return await nearby(browser, url);
    if (what === "keyboard") return await keyboard(browser, url);
    if (what === "everyone") return await everyone(browser, url);
    if (what === "sending") {
      const requests: { body: string; header: string }[] = [];
      let failing = false;
      const stand = createServer((request: IncomingMessage, answer) => {
        const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type, x-jena-planner" };
        if (request.method === "OPTIONS") return void answer.writeHead(204, cors).end();
        let body = "";
        request.on("data", (part) => (body += part)).on("end", () => {
          if (failing) return void answer.writeHead(503, cors).end(JSON.stringify({ problem: "Gerade voll." }));
          requests.push({ body, header: String(request.headers["x-jena-planner"]) });
          answer.writeHead(201, { ...cors, "content-type": "application/json" }).end(JSON.stringify({ number: "J-0042", code: "k7q2", status: "received" }));
        });
      });
      await new Promise<void>((done) => stand.listen(Number(process.env["STAND_PORT"]), "127.0.0.1", () => done()));
      const told = await sending(browser, url, requests, (now) => (failing = now));
      stand.close();
      return told;
    }
    if (what === "offline") {
      const { page, seen } = await open(browser, `file://${join(folder, "offline.html")}`);
      await page.waitForSelector("h2");
      await ready(page);
      await go(page, "pictures");
      const picture = await page.evaluate(() => document.querySelector<HTMLImageElement>("main img")!.naturalWidth);
      return { title: await page.title(), picture, problems: seen.problems, foreign: seen.foreign.filter((one) => !one.startsWith("file:")) };
    }
    const { page } = await open(browser, url, { javaScriptEnabled: false });
    const narrow = await open(browser, url, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
    const [, wide] = (await narrow.page.locator("body").evaluate((body) => [body.clientWidth, body.scrollWidth])) as [number, number];
    return { wide, top: (await page.locator("h1").first().boundingBox())!.y, text: await page.locator("body").innerText(), pictures: await page.locator("img").count(), alt: await page.locator("img:not([alt])").count(), rows: await page.locator("tr").count() };
  } finally {
    await browser.close();
    server.close();
  }
}

console.log(JSON.stringify(await main()));
