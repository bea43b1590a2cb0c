// Elements made in one call. Text is always text: nothing that people wrote is read as HTML.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** An element. An attribute that begins with "on" is a listener; one that is false, null or undefined is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return made;
}

/** Paragraphs of a plain text, separated by blank lines; its lines stay lines, as addresses and plain German need them. */
export function paragraphs(text: string): HTMLElement[] {
  return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => el("p", { class: "lines" }, part.trim()));
}

export function button(label: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return el("button", { type: "button", onclick: press, ...attributes }, label);
}

let number = 0;
export function freshId(prefix: string): string {
  return `${prefix}-${++number}`;
}

/** A control with its label. */
export function field(label: string, control: HTMLElement, hint = ""): HTMLElement {
  control.id ||= freshId("field");
  const said = hint ? el("small", { id: freshId("hint") }, hint) : null;
  if (said) control.setAttribute("aria-describedby", said.id);
  return el("div", { class: "field" }, el("label", { for: control.id }, label), control, said);
}

/** One of several, as radio buttons that look like a bar. */
export function choice<T extends string>(legend: string, options: [T, string][], chosen: T, pick: (value: T) => void): HTMLFieldSetElement {
  const name = freshId("choice");
  return el(
    "fieldset",
    { class: "choice" },
    el("legend", {}, legend),
    ...options.map(([value, label]) => {
      const input = el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => pick(value) });
      return el("label", {}, input, el("span", {}, label));
    }),
  );
}
