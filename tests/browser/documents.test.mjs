// Documents that were put in, with pictures of another server in them, as readers see them in Mirador, Universal Viewer and Clover. Which picture is shown is told by its
// colour in the screenshot; SCREENSHOTS names a folder in which the screenshots stay to be looked at.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
import { clover_script, colours, document, museum as start_museum, page_picture, plain_server } from "./support/elsewhere.mjs";
import { decode } from "./support/png.mjs";
import { editor, start } from "./support/server.mjs";

let server, museum, plain, browser;
before(async () => {
  museum = await start_museum();
  plain = await plain_server();
  server = await start({
    writable: true,
    fill: async (folder) => {
      await mkdir(join(folder, "own"));
      await writeFile(join(folder, "own/page.png"), page_picture(800, 600, colours["own-1"]));
    },
  });
  browser = await launch();
  for (const name of ["book", "old", "shelf", "skull"]) await put(name, readable(await document(name, { museum: museum.url, plain: plain.url })));
  await put("own", await with_a_foreign_page());
});
after(async () => {
  await browser?.close();
  for (const one of [server, museum, plain]) await one?.stop();
});

async function put(name, content) {
  const kind = content.type === "Collection" ? "collection" : "manifest";
  const authorization = `Basic ${Buffer.from(`${editor.name}:${editor.password}`).toString("base64")}`;
  const address = `${server.url}/iiif/${name}/${kind}`;
  const there = await fetch(address);
  const condition = there.status === 200 ? { "If-Match": there.headers.get("ETag") } : {};
  const answer = await fetch(address, { method: "PUT", headers: { "Content-Type": "application/json", Authorization: authorization, ...condition }, body: JSON.stringify(content) });
  assert.ok([200, 201].includes(answer.status), `${name}: ${answer.status} ${await answer.text()}`);
}

// Clover 3.3 takes `supplementary` of a Range for a list, which Presentation 3.0, 3.3.2 does not let it be, and then shows nothing at all.
function readable(content) {
  return JSON.parse(JSON.stringify(content, (key, value) => (key === "supplementary" ? undefined : value)));
}

// What an editor sends back after a page of the museum was dragged into an item of this server.
async function with_a_foreign_page() {
  const own = await (await fetch(`${server.url}/iiif/own/manifest`)).json();
  const book = await document("book", { museum: museum.url, plain: plain.url });
  return { ...own, label: { en: ["One of ours, one of theirs"] }, behavior: ["individuals"], items: [...own.items, { ...book.items[2], label: { none: ["Theirs"] } }] };
}

const viewers = {
  mirador: (address) => [server.url, `/viewer/mirador?iiif-content=${encodeURIComponent(address)}`],
  uv: (address) => [server.url, `/viewer/uv?iiif-content=${encodeURIComponent(address)}`],
  clover: (address) => [plain.url, `/clover?iiif-content=${encodeURIComponent(address)}`],
};
const without_clover = existsSync(clover_script) ? false : "Clover is not there: tests/browser/run fetches it";

async function show(viewer, path) {
  const opened = await open(browser, ...viewers[viewer](`${server.url}/iiif/${path}`), { others: [server.url, museum.url, plain.url] });
  await settled(opened.page);
  return opened;
}

// What part of the screenshot has the colour of that picture.
function share(shot, name) {
  const colour = colours[name];
  let count = 0;
  for (let y = 0; y < shot.height; y += 4) {
    for (let x = 0; x < shot.width; x += 4) {
      const seen = shot.at(x, y);
      if (seen.every((value, channel) => Math.abs(value - colour[channel]) <= 10)) ++count;
    }
  }
  return count / (Math.ceil(shot.height / 4) * Math.ceil(shot.width / 4));
}

// Waits until the pictures named are what is shown large, and no other is.
async function sees(page, names, label) {
  let found = {};
  for (let attempt = 0; attempt < 12; ++attempt) {
    const bytes = await page.screenshot();
    if (process.env.SCREENSHOTS) await writeFile(join(process.env.SCREENSHOTS, `${label}.png`), bytes);
    const shot = decode(bytes);
    found = Object.fromEntries(Object.keys(colours).map((name) => [name, share(shot, name)]).filter(([, part]) => part > 0.04));
    if (Object.keys(found).sort().join() === [...names].sort().join()) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`${label}: ${JSON.stringify(found)} is shown, not ${names}`);
}

// React complains about Mirador's way of reading refs and setting values; nothing else may be said.
const clean = (faults) => assert.deepEqual(faults.filter((fault) => !/Accessing element\.ref|`value` prop on/.test(fault)), []);
// Universal Viewer 4.4 does not look into a Choice of version 2, for a thumbnail neither.
const thumbnail_of_a_choice = /^404 \S+:\d+\/full\/90,\/0\/default\.jpg$|^console: Failed to load resource: .* 404/;

// What each viewer shows first. Clover 3.3 opens every document at its first page; its list of notes fails as a web component, whatever the document.
const first_seen = {
  "book/manifest": { mirador: ["book-2", "book-3"], uv: ["book-2", "book-3"], clover: ["book-1"] },  // right to left, two pages at a time from the second on, where it starts
  "presentation/2/book/manifest": { mirador: ["book-2", "book-3"], uv: ["book-2", "book-3"], clover: ["book-1"] },
  "old/manifest": { mirador: ["old-2"], uv: ["old-2"], clover: ["old-1"] },
  "presentation/2/old/manifest": { mirador: ["old-2"], uv: ["old-2"], clover: ["old-1"] },
  "own/manifest": { mirador: ["own-1"], uv: ["own-1"], clover: ["own-1"] },
  "skull/manifest": { mirador: ["skull-poster"], uv: ["skull-poster"], clover: ["skull-poster"] },
};

for (const [path, seen] of Object.entries(first_seen)) {
  for (const [viewer, names] of Object.entries(seen)) {
    test(`${viewer} shows ${path}`, { skip: viewer === "clover" && without_clover }, async () => {
      const { page, context, faults } = await show(viewer, path);
      await sees(page, names, `${viewer}-${path.replaceAll("/", "-")}`);
      clean(viewer === "uv" && path === "presentation/2/book/manifest" ? faults.filter((fault) => !thumbnail_of_a_choice.test(fault)) : faults);
      await context.close();
    });
  }
}

// Waits until all of the texts can be read.
async function reads(page, texts, label) {
  try {
    for (const text of texts) await page.getByText(text).first().waitFor({ timeout: 10000 });
    await settled(page);
  } finally {
    if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${label}.png`) });
  }
}

test("Mirador offers both pictures of a choice, the table of contents and the notes", async () => {
  const { page, context, faults } = await show("mirador", "book/manifest");
  await page.getByRole("button", { name: "Previous item" }).click();
  await settled(page);
  await sees(page, ["book-1"], "mirador-book-first");
  await page.getByRole("button", { name: "Toggle sidebar" }).click();
  for (const [tab, texts] of [["Index", ["One", "Another order"]], ["Annotations", ["A note"]], ["Layers", ["Day light", "X-ray"]]]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.mouse.move(900, 300);  // away from the tab, whose name lies over the next one
    await reads(page, texts, `mirador-book-${tab}`);
  }
  clean(faults);
  await context.close();
});

test("Universal Viewer offers the table of contents", async () => {
  const { page, context, faults } = await show("uv", "book/manifest");
  await page.getByText("Index", { exact: true }).click();
  await reads(page, ["Contents", "Another order"], "uv-book-index");
  clean(faults);
  await context.close();
});

test("each viewer opens a Collection", async () => {
  const mirador = await show("mirador", "shelf/collection");
  await mirador.page.getByRole("button", { name: "Show collection" }).click();
  await reads(mirador.page, ["Another shelf"], "mirador-shelf");
  await mirador.page.getByText("1 manifest").click();
  await reads(mirador.page, ["Somewhere else"], "mirador-shelf-manifests");
  clean(mirador.faults);
  await mirador.context.close();
  const uv = await show("uv", "shelf/collection");
  await reads(uv.page, ["Somewhere else", "Another shelf"], "uv-shelf");
  clean(uv.faults);
  await uv.context.close();
  if (without_clover) return;
  const clover = await show("clover", "shelf/collection");
  await sees(clover.page, ["book-cover"], "clover-shelf");  // it opens the first Manifest
  clean(clover.faults);
  await clover.context.close();
});

test("a page of another server follows one of ours in every viewer", async () => {
  const mirador = await show("mirador", "own/manifest");
  await mirador.page.getByRole("button", { name: "Next item" }).click();
  await sees(mirador.page, ["book-3"], "mirador-own-second");
  clean(mirador.faults);
  await mirador.context.close();
  const uv = await show("uv", "own/manifest");
  await uv.page.getByRole("button", { name: /^Next/ }).first().click();
  await sees(uv.page, ["book-3"], "uv-own-second");
  clean(uv.faults);
  await uv.context.close();
  if (without_clover) return;
  const clover = await show("clover", "own/manifest");
  await clover.page.getByRole("button", { name: "Next" }).click();
  await sees(clover.page, ["book-3"], "clover-own-second");
  clean(clover.faults);
  await clover.context.close();
});
