// Starts the bundled Universal Viewer with the manifest that the address names. The viewer itself is its published files.

import { asked_content, shown_by_content_state } from "./content_state";

interface Viewer {
  on(event: string, handler: (event: { config: unknown; cb: (configuration: unknown) => void }) => void): void;
  resize(): void;
}
declare const UV: { init(id: string, data: unknown): Viewer };

const kLocales: Record<string, string> = { en: "en-GB", de: "de-DE", fr: "fr-FR", cy: "cy-GB", pl: "pl-PL", sv: "sv-SE" };

// Universal Viewer 4.4 gives OpenSeadragon a blank picture as a data: address, and OpenSeadragon puts its default "/images/" before it: a request that
// every server answers with 404. The blank picture is taken as it was meant.
const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src")!;
Object.defineProperty(HTMLImageElement.prototype, "src", {
  ...source,
  set(this: HTMLImageElement, address: string) {
    source.set!.call(this, address.replace(/^\/images\/data:/, "data:"));
  },
});

const element = document.getElementById("viewer");
const [shown] = await shown_by_content_state(asked_content(element));
if (element && shown) {
  element.classList.add("uv");
  const locale = kLocales[element.dataset.language ?? "en"] ?? "en-GB";
  const viewer = UV.init(element.id, { manifest: shown.manifest, ...(shown.canvas ? { canvasId: shown.canvas } : {}), embedded: true, locales: [{ name: locale }] });
  addEventListener("resize", () => viewer.resize());
}
