// Starts the bundled Mirador with what the address names, each target in a window of its own. Mirador itself is its published file, loaded before this.

import { asked_content, shown_by_content_state } from "./content_state";

declare const Mirador: { viewer(configuration: unknown): { store: unknown } };

const element = document.getElementById("viewer");
if (element) {
  const shown = await shown_by_content_state(asked_content(element));
  Mirador.viewer({
    id: element.id,
    language: element.dataset.language,
    windows: shown.map(({ manifest, canvas }) => ({ manifestId: manifest, ...(canvas ? { canvasId: canvas } : {}), thumbnailNavigationPosition: "far-bottom" })),
    catalog: shown.map(({ manifest }) => ({ manifestId: manifest })),
    window: { allowClose: false, sideBarOpen: false },
    workspaceControlPanel: { enabled: true },
    selectedTheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  });
}
