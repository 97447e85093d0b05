// Copies the address of a manifest. The field with the address is there without this script; the button appears with it.

import "./receive";

async function copy_text(field: HTMLInputElement): Promise<boolean> {
  field.select();
  try {
    // Only in secure contexts; the older way below also works on plain http in a reading room.
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy ?? "");
  if (!(field instanceof HTMLInputElement)) continue;
  const original = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy_text(field))) return;
    const done = button.dataset.done ?? "";
    button.textContent = done;
    const status = document.getElementById("copy-status");
    if (status) status.textContent = done;
    button.focus();
    setTimeout(() => {
      button.textContent = original;
      if (status) status.textContent = "";
    }, 2500);
  });
}
