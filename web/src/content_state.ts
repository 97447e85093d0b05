// Content State API 1.0: what does the parameter `iiif-content` ask a viewer to show? A plain address is taken as it is (2.2.1, a
// URI is not encoded beyond its percent-encoding); anything else is base64url of JSON (6, Content State Encoding).

interface Resource {
  id?: unknown;
  type?: unknown;
  target?: unknown;
  partOf?: unknown;
  source?: unknown;
}

function web_address(value: unknown): string | null {
  if (typeof value !== "string") return null;
  try {
    const url = new URL(value);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

// What a viewer is to show: a Manifest (or Collection), and a Canvas of it.
export interface Shown {
  manifest: string;
  canvas?: string;
}

function list_of(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function without_fragment(address: string): string {
  return address.replace(/#.*$/, "");
}

// The targets of a state; an address alone comes back as it is, for it may be anything.
function shown_in(value: unknown, depth = 0): (Shown | string)[] {
  if (depth > 4 || value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.slice(0, 8).flatMap((one) => shown_in(one, depth + 1));
  if (typeof value === "string") {
    const address = web_address(value);
    return address ? [address] : [];
  }
  const { id, type, target, partOf, source } = value as Resource;
  if (type === "Annotation") return shown_in(target, depth + 1);
  if (type === "SpecificResource") return shown_in(source, depth + 1);
  const address = web_address(id);
  if (!address) return [];
  if (type !== "Canvas" && type !== "Range") return [{ manifest: address }];
  const holder = shown_in(list_of(partOf)[0], depth + 1)[0];
  const manifest = typeof holder === "string" ? holder : holder?.manifest;
  if (!manifest) return [without_fragment(address)];
  return [type === "Canvas" ? { manifest, canvas: without_fragment(address) } : { manifest }];
}

// Where a Manifest wants to be opened (Presentation 3.0, 3.3.2 start; 2.1, 3.4 startCanvas): Universal Viewer 4.4 looks at neither, Mirador 4.0 not at a SpecificResource.
function start_of(manifest: { start?: Resource; sequences?: { startCanvas?: unknown }[] }): string | null {
  const start = manifest.start?.source ?? manifest.start?.id ?? manifest.sequences?.[0]?.startCanvas;
  return web_address(typeof start === "object" ? (start as Resource | null)?.id : start);
}

function opened_at(shown: Shown | string, address: string, document: object): Shown | string {
  const start = start_of(document);
  const manifest = typeof shown === "string" ? shown : shown.manifest;
  return start && manifest === address ? { manifest, canvas: without_fragment(start) } : shown;
}

// 2.2.4: the type of what stands at an address says what it is. What does not answer is left to the viewer, which says so.
async function at_address(address: string): Promise<(Shown | string)[]> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/ld+json, application/json;q=0.9" }, signal: AbortSignal.timeout(10000) });
    const document = await answer.json();
    const found = shown_in(document);
    return (found.length > 0 ? found : [address]).map((shown) => opened_at(shown, address, document));
  } catch {
    return [{ manifest: address }];
  }
}

export async function shown_by_content_state(parameter: string): Promise<Shown[]> {
  let found: (Shown | string)[] = [];
  const plain = web_address(parameter);
  try {
    found = plain ? [plain] : shown_in(JSON.parse(decode_content_state(parameter)));
  } catch {
    return [];
  }
  const shown: Shown[] = [];
  for (const one of found) {
    const resolved = typeof one === "string" ? await at_address(one) : [one];
    for (const each of resolved) shown.push(typeof each === "string" ? { manifest: each } : each);
  }
  return shown;
}

// What the page was asked to show: said by the server, or by the page's own address where a static site is read.
export function asked_content(element: HTMLElement | null): string {
  return element?.dataset.manifest || new URLSearchParams(location.search).get("iiif-content") || "";
}

export function decode_content_state(encoded: string): string {
  const binary = atob(encoded.replace(/-/g, "+").replace(/_/g, "/"));
  return decodeURIComponent(new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
}

// 6, Content State Encoding.
export function encode_content_state(state: string): string {
  return btoa(encodeURIComponent(state)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// The state of a Canvas, or of a part of it: the target body, the short form (2.2.3).
export function state_of(canvas: string, manifest: string, region: number[] | null): string {
  const id = region ? `${canvas}#xywh=${region.join(",")}` : canvas;
  return JSON.stringify({ id, type: "Canvas", partOf: [{ id: manifest, type: "Manifest" }] });
}

// What was dropped or pasted (3.3, 3.4: text/plain, never encoded), as the value of iiif-content; null for what is none. A link that carries a state or a
// Manifest (the IIIF drag symbol) stands for what it carries.
export function parameter_of_text(text: string): string | null {
  const plain = text.trim();
  const address = web_address(plain);
  if (address) {
    const query = new URL(address).searchParams;
    return query.get("iiif-content") ?? query.get("manifest") ?? plain;
  }
  if (!/^[[{]/.test(plain)) return null;
  try {
    JSON.parse(plain);
    return encode_content_state(plain);
  } catch {
    return null;
  }
}
