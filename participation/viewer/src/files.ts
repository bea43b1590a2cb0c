// Where the published files come from: fetched beside the page, or taken from the page itself where it is one file (offline.html).

let inside: Record<string, string> | undefined;

function embedded(): Record<string, string> {
  inside ??= JSON.parse(document.getElementById("jena-files")?.textContent ?? "{}") as Record<string, string>;
  return inside;
}

/** Whether all of it is in this one file. */
export function isOneFile(): boolean {
  return document.getElementById("jena-files") !== null;
}

/** The bytes of a published file. progress : bytes that have come. Throws an Error with a sentence for people. */
export async function bytesOf(url: string, progress?: (bytes: number) => void): Promise<ArrayBuffer> {
  const text = embedded()[url];
  if (text !== undefined) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    progress?.(bytes.length);
    return bytes.buffer;
  }
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const reader = answer.body?.getReader();
  if (!reader) return answer.arrayBuffer();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    progress?.(size);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

export async function jsonOf<T>(url: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await bytesOf(url))) as T;
}

const TYPES: Record<string, string> = { webp: "image/webp", jpg: "image/jpeg", png: "image/png", svg: "image/svg+xml" };

/** An address for an img element. */
export function addressOf(url: string): string {
  const text = embedded()[url];
  return text === undefined ? url : `data:${TYPES[url.split(".").at(-1)!] ?? "application/octet-stream"};base64,${text}`;
}
