// A static site of `armarium export`, below a path of a server that only gives files: our pages, Mirador and Universal Viewer show its pictures at full zoom, and nothing that they ask for is missing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
import { match } from "./support/known_picture.mjs";
import { decode } from "./support/png.mjs";
import { static_site } from "./support/static_site.mjs";

let site;
let browser;
before(async () => {
  site = await static_site({ below: "/collections/2026" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const closeEnough = 8;  // as in viewers.test.mjs

async function full_zoom(page, button, element, times) {
  for (let i = 0; i < times; ++i) {
    await button.click();
    await page.waitForTimeout(120);
  }
  await settled(page);
  await page.mouse.move(5, 5);
  const box = await element.boundingBox();
  let best = { distance: Infinity };
  for (let attempt = 0; attempt < 10 && best.distance > closeEnough; ++attempt) {
    best = match(decode(await page.screenshot()), box.x + box.width / 2, box.y + box.height / 2);
    if (best.distance > closeEnough) await page.waitForTimeout(500);
  }
  assert.ok(best.distance <= closeEnough, `the pixels differ by ${best.distance} on average (zoom ${best.zoom})`);
}

test("from the front page to a picture at full zoom", async () => {
  const { page, context, faults } = await open(browser, site.url, "/");
  await page.getByRole("link", { name: /known/i }).first().click();
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.equal(new URL(page.url()).pathname, "/collections/2026/item/known/");
  await page.locator("#stage").scrollIntoViewIfNeeded();
  await full_zoom(page, page.getByRole("button", { name: "Zoom in" }), page.locator("#stage .openseadragon-canvas"), 16);
  assert.deepEqual(faults, []);
  await context.close();
});

for (const [kind, name, times, canvas] of [["mirador", "Mirador", 4, ".openseadragon-canvas"], ["uv", "Universal Viewer", 14, ".openseadragon-canvas"]]) {
  test(`${name} opens it from the item's page, at full zoom`, async () => {
    const { page, context, faults } = await open(browser, site.url, "/item/known/");
    await page.getByRole("link", { name: new RegExp(name) }).click();
    const zoom = page.locator("[title='Zoom In'], [aria-label='Zoom In'], [aria-label='Zoom in']").first();
    await zoom.waitFor();
    await settled(page);
    await full_zoom(page, zoom, page.locator(canvas).first(), times);
    assert.deepEqual(faults.filter((fault) => !fault.includes("Accessing element.ref")), []);
    await context.close();
  });
}

test("Universal Viewer lists the pages of a manuscript with their thumbnails", async () => {
  const content = encodeURIComponent(`${site.url}/iiif/manuscripts~bnf-latin-6337/manifest.json`);
  const { page, context, faults } = await open(browser, site.url, `/viewer/uv/?iiif-content=${content}`);
  await page.locator("[title='Zoom In'], [aria-label='Zoom In']").first().waitFor();
  await settled(page);
  const widths = await page.locator(".thumb img").evaluateAll((pictures) => pictures.map((picture) => picture.naturalWidth));
  assert.deepEqual(widths, [90, 90, 90]);
  assert.deepEqual(faults, []);
  await context.close();
});

test("pages turn, in both languages, and an address opens at its page", async () => {
  const { page, context, faults } = await open(browser, site.url, "/item/manuscripts~bnf-latin-6337/?canvas=3");
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.match(await page.locator("#stage-position").textContent(), /3 of 3/);
  await page.getByRole("link", { name: "Deutsch" }).click();
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.equal(new URL(page.url()).pathname, "/collections/2026/de/item/manuscripts~bnf-latin-6337/");
  await page.locator("#strip a").nth(1).click();
  assert.match(page.url(), /de\/item\/manuscripts~bnf-latin-6337\/\?canvas=2/);
  await page.locator(".wordmark").click();
  await page.waitForURL(/\/de\/$/);
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.deepEqual(faults, []);
  await context.close();
});

test("the link to what is shown opens it in Mirador", async () => {
  const first = await open(browser, site.url, "/item/manuscripts~bnf-latin-6337/?canvas=2");
  await first.page.locator("#stage[data-ready=true]").waitFor();
  const link = await first.page.locator("#state-link").inputValue();
  await first.context.close();
  const { page, context, faults } = await open(browser, site.url, link.slice(site.url.length));
  await page.getByRole("button", { name: "Zoom in" }).waitFor();
  await page.getByText("2 of 3").first().waitFor();
  assert.deepEqual(faults.filter((fault) => !fault.includes("Accessing element.ref")), []);
  await context.close();
});
