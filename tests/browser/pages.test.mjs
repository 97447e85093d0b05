// The pages as a browser, a search engine and a person without JavaScript get them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
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

test("the collection leads to every item, and every picture is there", async () => {
  const { page, context, faults } = await open(browser, server.url, "/");
  await page.evaluate(() => document.querySelectorAll("img[loading=lazy]").forEach((image) => (image.loading = "eager")));
  await settled(page);
  assert.ok((await page.locator(".work").count()) >= 6);
  const missing = await page.evaluate(() => [...document.images].filter((image) => image.complete && image.naturalWidth === 0).map((image) => image.src));
  assert.deepEqual(missing, []);
  const wrong = await page.evaluate(() => [...document.querySelectorAll(".plate img")]
    .filter((image) => image.naturalWidth !== Number(image.getAttribute("width")) || image.naturalHeight !== Number(image.getAttribute("height"))).map((image) => image.src));
  assert.deepEqual(wrong, [], "the sizes in the page are those of the pictures");
  for (const href of await page.locator(".work a").evaluateAll((links) => links.map((link) => link.href))) {
    assert.equal((await fetch(href)).status, 200, href);
  }
  assert.deepEqual(faults, []);
  await context.close();
});

test("without JavaScript the picture links to its full size and the pages are links", async () => {
  const { page, context, faults } = await open(browser, server.url, "/item/manuscripts~bnf-latin-6337", { javaScriptEnabled: false });
  assert.ok(await page.locator("#stage-image").isVisible());
  const full = await page.locator(".stage-picture").getAttribute("href");
  const answer = await fetch(new URL(full, server.url));
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^image\//);
  assert.ok(await page.locator("#stage-tools").isHidden());
  await page.locator("#strip a").nth(1).click();
  assert.match(page.url(), /canvas=2/);
  assert.equal(await page.locator("#strip a").nth(1).getAttribute("aria-current"), "page");
  assert.deepEqual(faults, []);
  await context.close();
});

test("what search engines and other sites read is there and true", async () => {
  const { page, context } = await open(browser, server.url, "/item/paintings~grande-jatte");
  const canonical = await page.locator("link[rel=canonical]").getAttribute("href");
  assert.equal(canonical, `${server.url}/item/paintings~grande-jatte`);
  const manifest = await page.locator("link[rel=alternate][type^='application/ld+json']").getAttribute("href");
  assert.equal((await (await fetch(manifest)).json()).type, "Manifest");
  const picture = await fetch(await page.locator("meta[property='og:image']").getAttribute("content"));
  assert.equal(picture.status, 200);
  const data = JSON.parse(await page.locator("script[type='application/ld+json']").textContent());
  const [work] = data["@graph"];
  assert.equal(work.url, canonical);
  assert.equal(work.encoding.contentUrl, manifest);
  assert.equal(work.license, "http://creativecommons.org/publicdomain/zero/1.0/");
  const sitemap = await (await fetch(`${server.url}/sitemap.xml`)).text();
  assert.ok(sitemap.includes(`<loc>${canonical}</loc>`), sitemap.slice(0, 500));
  assert.match(await (await fetch(`${server.url}/robots.txt`)).text(), /Sitemap: .*\/sitemap\.xml/);
  await context.close();
});

test("the language follows the browser, a choice stays, and values say their own", async () => {
  const german = await open(browser, server.url, "/item/manuscripts", { locale: "de-DE" });
  assert.equal(await german.page.locator("html").getAttribute("lang"), "de");
  await german.page.getByRole("link", { name: "English" }).click();
  assert.equal(await german.page.locator("html").getAttribute("lang"), "en");
  await german.page.locator(".work a").first().click();
  assert.equal(await german.page.locator("html").getAttribute("lang"), "en", "the choice stays");
  await german.context.close();
  const arabic = await open(browser, server.url, "/item/paintings~grande-jatte?lang=ar");
  const title = arabic.page.locator("h1");
  assert.ok(["en", "fr", "de"].includes(await title.getAttribute("lang")));
  assert.equal(await title.getAttribute("dir"), "ltr");
  await arabic.context.close();
});

test("the drag symbol carries the manifest", async () => {
  const { page, context } = await open(browser, server.url, "/item/known");
  const carried = await page.evaluate(() => new Promise((resolve) => {
    addEventListener("dragstart", (event) => setTimeout(() => resolve(event.target.closest("a").href)), { once: true });
    const link = document.querySelector(".drag");
    link.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer: new DataTransfer() }));
  }));
  assert.equal(new URL(carried).searchParams.get("manifest"), `${server.url}/iiif/known/manifest`);
  assert.equal((await fetch(carried)).status, 200);
  await context.close();
});

test("an item opens in Mirador and in Universal Viewer with one click, and leads back", async () => {
  for (const name of ["Open in Mirador", "Open in Universal Viewer"]) {
    const { page, context } = await open(browser, server.url, "/item/known");
    await page.getByRole("link", { name }).click();
    await page.locator(".openseadragon-canvas").first().waitFor();
    await page.locator(".viewer-bar a").click();
    assert.equal(new URL(page.url()).origin, new URL(server.url).origin);
    await context.close();
  }
});

test("a damaged file shows as such and costs only itself", async () => {
  const { page, context } = await open(browser, server.url, "/item/damaged");
  assert.equal(await page.locator("#strip a").count(), 2);
  assert.equal(await page.locator("#strip .blank-page").count(), 1);
  await page.goto(`${server.url}/status`);
  assert.match(await page.locator("main").textContent(), /damaged\/broken\.jpg/);
  await context.close();
});

test("a folder of pictures and folders is a collection with an item of its own", async () => {
  const { page, context, faults } = await open(browser, server.url, "/item/mixed?lang=de");
  const own = page.locator(".work a[href*='as=manifest']");
  assert.equal(await own.count(), 1);
  assert.match(await page.locator(".tally").textContent(), /^1 Sammlung, 1 Werk|^2 Werke/);
  await own.click();
  assert.match(page.url(), /as=manifest&lang=de/);
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("an unknown address is a page for people", async () => {
  const { page, context } = await open(browser, server.url, "/item/there-is-none");
  assert.equal(await page.locator("h1").textContent(), "Nothing is here");
  assert.equal(await page.locator("link[rel=canonical]").count(), 0);
  await context.close();
});

test("assets may be kept for ever and stay within the page's policy", async () => {
  const answer = await fetch(`${server.url}/`);
  assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
  const html = await answer.text();
  assert.doesNotMatch(html, /<style|style="|<script(?![^>]*(src=|application\/ld\+json))|onclick=/);
  const sheet = /href="([^"]*site\.css)"/.exec(html)[1];
  const css = await fetch(new URL(sheet, server.url));
  assert.match(css.headers.get("cache-control"), /immutable/);
  assert.ok(css.headers.get("etag"));
});
