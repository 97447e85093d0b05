// A content state that is dropped on a page of the site, or pasted where there is no field for text, opens. Content State API 1.0, 3.3 and 3.4.

import { parameter_of_text } from "./content_state";

const home = document.querySelector<HTMLElement>("[data-home]")?.dataset.home ?? "/";

function open_text(text: string): boolean {
  const parameter = parameter_of_text(text);
  if (!parameter) return false;
  const language = new URLSearchParams(location.search).get("lang");
  location.assign(`${home}?iiif-content=${encodeURIComponent(parameter)}${language ? `&lang=${encodeURIComponent(language)}` : ""}`);
  return true;
}

function is_field(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, [contenteditable]") !== null;
}

let from_here = false; // what starts on this page is not meant for it
addEventListener("dragstart", () => (from_here = true));
addEventListener("dragend", () => (from_here = false));
addEventListener("dragover", (event) => {
  if (!from_here && !is_field(event.target)) event.preventDefault();
});
addEventListener("drop", (event) => {
  if (from_here || is_field(event.target)) return;
  const text = event.dataTransfer?.getData("text/plain") || event.dataTransfer?.getData("text/uri-list") || "";
  if (text) event.preventDefault();
  open_text(text);
});
addEventListener("paste", (event) => {
  if (is_field(event.target)) return;
  if (open_text(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
});
