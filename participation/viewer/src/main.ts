// Starts the page: reads what is published, and puts up its parts.

import { App } from "./app";
import { checked, fromFragment } from "./contribution";
import { el } from "./dom";
import { jsonOf } from "./files";
import type { Publication } from "./publication";
import { Shell } from "./shell";

async function start(): Promise<void> {
  const host = document.getElementById("app")!;
  const without = document.getElementById("without-script");
  try {
    const publication = await jsonOf<Publication>("publication.json");
    const address = new URL(location.href);
    document.documentElement.style.setProperty("--accent", publication.accent);
    const app: App = new App(
      publication,
      async () => {
        const { Stage } = await import("./stage/stage");
        return new Stage(document.querySelector<HTMLCanvasElement>("#stage canvas")!, publication, () => app.ground());
      },
      address,
    );
    const shell = new Shell(host, app);
    without?.remove();
    if (address.hash.startsWith("#b=")) {
      try {
        app.draft = checked(await fromFragment(address.hash));
        app.changed("draft");
        history.replaceState(null, "", "#talk");
        shell.go("talk");
        shell.announce(app.word("opened"));
      } catch {
        shell.announce(app.word("notOpened"));
      }
    }
    Object.assign(window, { jenaPlanner: app }); // for those who look into the page with its own tools, as tests do
  } catch (problem) {
    // What stands in the page without a script stays: pictures, numbers, how to take part.
    const said = navigator.language.startsWith("en") ? "The page could not be loaded whole" : "Die Seite konnte nicht ganz geladen werden";
    host.replaceChildren(el("p", { class: "problem", role: "alert" }, `${said} (${String(problem)}).`));
  }
}

void start();
