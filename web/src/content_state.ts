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
