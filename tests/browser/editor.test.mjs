// What an editor that runs in a browser, at another address, needs to open a work and to save it: with an API key, and without overwriting what somebody else wrote meanwhile.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./support/browser.mjs";
import { page_picture, plain_server } from "./support/elsewhere.mjs";
import { start } from "./support/server.mjs";

let server, plain, browser;
before(async () => {
  plain = await plain_server();
  server = await start({
    writable: true,
    fill: async (folder) => {
      await mkdir(join(folder, "own"));
      await writeFile(join(folder, "own/page.png"), page_picture(80, 60, [40, 150, 60]));
    },
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const one of [server, plain]) await one?.stop();
});

// What the page of the editor does, in the browser: opens, changes the label, sends back. Gives what it saw of each answer.
async function edit({ address, key, label, condition }) {
  const read = await fetch(address);
  const manifest = await read.json();
  const tag = read.headers.get("ETag");
  const saved = await fetch(address, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}`, ...(condition === undefined ? { "If-Match": tag } : condition) },
    body: JSON.stringify({ ...manifest, label: { en: [label] } }),
  });
  const text = await saved.text();
  return { tag, status: saved.status, type: saved.headers.get("Content-Type"), new_tag: saved.headers.get("ETag"), text };
}

test("an editor at another address opens, saves with a key, and is told that somebody was faster", async () => {
  const { page, context } = await open(browser, plain.url, "/blank", { others: [server.url] });
  const address = `${server.url}/iiif/own/manifest`;
  const key = server.key;
  const first = await page.evaluate(edit, { address, key, label: "Edited" });
  assert.ok(first.tag, "the page can read the ETag");
  assert.equal(first.status, 200, first.text);
  const read = await (await fetch(address)).json();
  assert.deepEqual(read.label, { en: ["Edited"] });
  assert.match(read.items[0].items[0].items[0].body.id, /\/iiif\/image\/3\/own~page\//);  // the picture stayed ours
  // The tag of the first reading is old by now.
  const late = await page.evaluate(edit, { address, key, label: "Late", condition: { "If-Match": first.tag } });
  assert.equal(late.status, 412, late.text);
  assert.match(late.type, /problem\+json/);
  const unconditional = await page.evaluate(edit, { address, key, label: "Rash", condition: {} });
  assert.equal(unconditional.status, 428, unconditional.text);
  const stranger = await page.evaluate(edit, { address, key: `${key}x`, label: "Stranger" });
  assert.equal(stranger.status, 401, stranger.text);
  assert.deepEqual((await (await fetch(address)).json()).label, { en: ["Edited"] });
  const again = await page.evaluate(edit, { address, key, label: "Edited again" });
  assert.equal(again.status, 200, again.text);
  const once_more = await page.evaluate(edit, { address, key, label: "Once more", condition: { "If-Match": again.new_tag } });
  assert.equal(once_more.status, 200, "the answer to a change names what the next one is a change of");
  // A new work: there is nothing yet whose tag could be named.
  const made = await page.evaluate(async ({ source, target, key }) => {
    const manifest = await (await fetch(source)).json();
    const answer = await fetch(target, { method: "PUT", headers: { "Content-Type": "application/ld+json", Authorization: `Bearer ${key}`, "If-None-Match": "*" }, body: JSON.stringify(manifest) });
    return [answer.status, answer.headers.get("Location"), answer.headers.get("ETag")];
  }, { source: address, target: `${server.url}/iiif/copy/manifest`, key });
  assert.equal(made[0], 201);
  assert.ok(made[2]);
  await context.close();
});
