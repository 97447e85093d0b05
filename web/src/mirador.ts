// Starts the bundled Mirador with the manifest that the address names. Mirador itself is its published file, loaded before this.

import { manifest_from_content_state } from "./content_state";

declare const Mirador: { viewer(configuration: unknown): { store: unknown } };

const element = document.getElementById("viewer");
const manifest = manifest_from_content_state(element?.dataset.manifest ?? "");
if (element) {
  Mirador.viewer({
    id: element.id,
    language: element.dataset.language,
    windows: manifest ? [{ manifestId: manifest, thumbnailNavigationPosition: "far-bottom" }] : [],
    catalog: manifest ? [{ manifestId: manifest }] : [],
    window: { allowClose: false, sideBarOpen: false },
    workspaceControlPanel: { enabled: true },
    selectedTheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  });
}
