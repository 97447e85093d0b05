// Content State API 1.0: which manifest does the parameter `iiif-content` name? A plain address is taken as it is (2.2.1, a
// URI is not encoded beyond its percent-encoding); anything else is base64url of JSON (6, Content State Encoding).

interface Resource {
  id?: unknown;
  type?: unknown;
  target?: unknown;
  partOf?: unknown;
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

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function manifest_of(value: unknown, depth = 0): string | null {
  const resource = first(value);
  if (depth > 4 || resource === null || resource === undefined) return null;
  if (typeof resource === "string") return web_address(resource);
  const { id, type, target, partOf } = resource as Resource;
  if (type === "Annotation") return manifest_of(target, depth + 1);
  if (type === "Canvas" || type === "Range" || type === "SpecificResource") {
    return manifest_of(partOf ?? (resource as { source?: unknown }).source, depth + 1);
  }
  return web_address(id);
}

export function manifest_from_content_state(parameter: string): string | null {
  const plain = web_address(parameter);
  if (plain) return plain;
  try {
    const binary = atob(parameter.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return manifest_of(JSON.parse(decodeURIComponent(new TextDecoder().decode(bytes))));
  } catch {
    return null;
  }
}

// 6, Content State Encoding.
export function encode_content_state(state: string): string {
  return btoa(encodeURIComponent(state)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// The value of iiif-content for a Canvas, or a part of it: the target body, the short form (2.2.3).
export function state_parameter(canvas: string, manifest: string, region: number[] | null): string {
  const id = region ? `${canvas}#xywh=${region.join(",")}` : canvas;
  return encode_content_state(JSON.stringify({ id, type: "Canvas", partOf: [{ id: manifest, type: "Manifest" }] }));
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
