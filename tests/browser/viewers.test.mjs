// Our page, Mirador and Universal Viewer show the middle of a known picture at full zoom: the screenshot's pixels are the picture's. No request fails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
import { match } from "./support/known_picture.mjs";
import { decode } from "./support/png.mjs";
import { start } from "./support/server.mjs";

let server;
let browser;
before(async () => {
  server = await start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// JPEG tiles at their usual quality, smoothed by the browser: sharp greys 65 apart stay well within this on average. A tile of half the resolution is
// far above it (the test below shows that it is).
const closeEnough = 8;

async function zoom_in(page, button, times) {
  for (let i = 0; i < times; ++i) {
    await button.click();
    await page.waitForTimeout(120);
  }
  await settled(page);
}

// The middle of the viewer's own element.
async function compare(page, element) {
  const box = await element.boundingBox();
  let best = { distance: Infinity };
  for (let attempt = 0; attempt < 10; ++attempt) {
    const shot = decode(await page.screenshot());
    best = match(shot, box.x + box.width / 2, box.y + box.height / 2);
    if (best.distance <= closeEnough) break;
    await page.waitForTimeout(500);
  }
  return best;
}

test("our page shows the middle of the picture at full zoom", async () => {
  const { page, context, faults } = await open(browser, server.url, "/item/known");
  await page.locator("#stage[data-ready=true]").waitFor();
  await page.locator("#stage").scrollIntoViewIfNeeded();
  await zoom_in(page, page.getByRole("button", { name: "Zoom in" }), 16);
  const best = await compare(page, page.locator("#stage .openseadragon-canvas"));
  assert.ok(best.distance <= closeEnough, `the pixels differ by ${best.distance} on average`);
  assert.ok(best.zoom > 3.5 && best.zoom < 4.5, `the zoom is ${best.zoom}, not the largest of 4`);
  assert.deepEqual(faults, []);
  await context.close();
});

test("the comparison notices a picture that is not at full resolution", async () => {
  const { page, context } = await open(browser, server.url, "/item/known");
  await page.route(/\/iiif\/image\/.*\/\d+,\d+,\d+,\d+\//, (route) => route.abort());
  await page.reload();
  await page.waitForTimeout(1500);
  for (let i = 0; i < 16; ++i) await page.getByRole("button", { name: "Zoom in" }).click();
  await settled(page);
  const box = await page.locator("#stage .openseadragon-canvas").boundingBox();
  const best = match(decode(await page.screenshot()), box.x + box.width / 2, box.y + box.height / 2);
  assert.ok(best.distance > closeEnough, `without its tiles the picture still matched (${best.distance})`);
  await context.close();
});

function viewer_path(kind) {
  return `/viewer/${kind}?iiif-content=${encodeURIComponent(`${server.url}/iiif/known/manifest`)}`;
}

test("Mirador shows the middle of the picture at full zoom", async () => {
  const { page, context, faults } = await open(browser, server.url, viewer_path("mirador"));
  // Each click doubles, and Mirador sets no end to it: four are about five screen pixels for one of the picture.
  const zoom = page.getByRole("button", { name: "Zoom in" });
  await zoom.waitFor();
  await settled(page);
  await zoom_in(page, zoom, 4);
  const best = await compare(page, page.locator(".openseadragon-canvas").first());
  assert.ok(best.distance <= closeEnough, `the pixels differ by ${best.distance} on average (zoom ${best.zoom})`);
  // React 19 complains about Mirador's way of reading refs; nothing else may be said.
  assert.deepEqual(faults.filter((fault) => !fault.includes("Accessing element.ref")), []);
  await context.close();
});

test("Universal Viewer shows the middle of the picture at full zoom", async () => {
  const { page, context, faults } = await open(browser, server.url, viewer_path("uv"));
  const zoom = page.locator("[title='Zoom In'], [aria-label='Zoom In']").first();
  await zoom.waitFor();
  await settled(page);
  await zoom_in(page, zoom, 14);
  await page.mouse.move(5, 5);
  const best = await compare(page, page.locator(".openseadragon-canvas").first());
  assert.ok(best.distance <= closeEnough, `the pixels differ by ${best.distance} on average (zoom ${best.zoom})`);
  assert.deepEqual(faults, []);
  await context.close();
});

test("both viewers open a collection and list what is in it", async () => {
  const content = encodeURIComponent(`${server.url}/iiif/manuscripts/collection`);
  const mirador = await open(browser, server.url, `/viewer/mirador?iiif-content=${content}`);
  await mirador.page.getByRole("button", { name: "Show collection" }).click();
  await mirador.page.getByText("Latin manuscript with a gloss, three pages").first().waitFor();
  await mirador.context.close();
  const universal = await open(browser, server.url, `/viewer/uv?iiif-content=${content}`);
  await universal.page.locator(".treeView, .iiif-tree-component").getByText("Latin manuscript with a gloss, three pages").first().waitFor();
  assert.deepEqual(universal.faults, []);
  await universal.context.close();
});

test("Mirador opens a content state as well as an address", async () => {
  const canvas = { type: "Canvas", id: `${server.url}/iiif/canvas/known`, partOf: [{ type: "Manifest", id: `${server.url}/iiif/known/manifest` }] };
  const state = Buffer.from(encodeURIComponent(JSON.stringify(canvas))).toString("base64url");
  const { page, context } = await open(browser, server.url, `/viewer/mirador?iiif-content=${state}`);
  await page.getByRole("button", { name: "Zoom in" }).waitFor();
  await context.close();
});

test("each page of a manuscript opens by its thumbnail and keeps its address", async () => {
  const { page, context, faults } = await open(browser, server.url, "/item/manuscripts~bnf-latin-6337");
  await page.locator("#stage[data-ready=true]").waitFor();
  const links = page.locator("#strip a");
  assert.equal(await links.count(), 3);
  await links.nth(2).click();
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.match(page.url(), /[?&]canvas=3/);
  assert.equal(await links.nth(2).getAttribute("aria-current"), "page");
  assert.match(await page.locator("#stage-position").textContent(), /3 of 3/);
  await page.getByRole("button", { name: "Previous page" }).click();
  assert.match(page.url(), /[?&]canvas=2/);
  await page.reload();
  assert.equal(await links.nth(1).getAttribute("aria-current"), "page");
  assert.deepEqual(faults, []);
  await context.close();
});
