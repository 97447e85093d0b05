// A content state that is dropped on a page of the site (as text or as a file), chosen as a file, or pasted where there is no field for text, opens. Content State API 1.0, 3.3 and 3.4:
// never encoded.

import { parameter_of_text } from "./content_state";

const home = document.querySelector<HTMLElement>("[data-home]")?.dataset.home ?? "/";

function open_text(text: string): boolean {
  const parameter = parameter_of_text(text);
  if (!parameter) return false;
  const language = new URLSearchParams(location.search).get("lang");
  location.assign(`${home}?iiif-content=${encodeURIComponent(parameter)}${language ? `&lang=${encodeURIComponent(language)}` : ""}`);
  return true;
}

const kLongest = 64 * 1024; // bytes, as the server has it

async function open_file(file: File): Promise<boolean> {
  if (file.size > kLongest) return false;
  return open_text(await file.text());
}

function is_field(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, [contenteditable]") !== null;
}

// The footer's button, which chooses a file. Without a script there is none.
const chooser = document.querySelector<HTMLInputElement>("#state-file");
const said = document.querySelector<HTMLElement>("#state-file-status");

function say(opened: boolean): void {
  if (said) said.textContent = opened ? "" : (said.dataset.wrong ?? "");
}

if (chooser) {
  const button = document.querySelector<HTMLButtonElement>("#state-file-open");
  button?.addEventListener("click", () => chooser.click());
  button?.removeAttribute("hidden");
  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    if (file) void open_file(file).then(say);
    chooser.value = ""; // the same file again is a change, too
  });
}

let from_here = false; // what starts on this page is not meant for it
addEventListener("dragstart", () => (from_here = true));
addEventListener("dragend", () => (from_here = false));
addEventListener("dragover", (event) => {
  if (!from_here && !is_field(event.target)) event.preventDefault();
});
addEventListener("drop", (event) => {
  if (from_here || is_field(event.target)) return;
  const file = event.dataTransfer?.files[0];
  if (file) {
    event.preventDefault();
    void open_file(file).then(say);
    return;
  }
  const text = event.dataTransfer?.getData("text/plain") || event.dataTransfer?.getData("text/uri-list") || "";
  if (text) event.preventDefault();
  open_text(text);
});
addEventListener("paste", (event) => {
  if (is_field(event.target)) return;
  if (open_text(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
});
