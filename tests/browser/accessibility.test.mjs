// WCAG 2.2 AA as far as a program can tell: axe on every kind of page in each scheme and direction, the keyboard alone, 400 % zoom.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
import { start } from "./support/server.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = ["/", "/item/manuscripts", "/item/manuscripts~bnf-latin-6337", "/item/known", "/item/damaged", "/accessibility", "/status", "/item/there-is-none"];

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

async function violations(page, exclude = []) {
  await page.evaluate(axe);
  const found = await page.evaluate(async (without) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await globalThis.axe.run({ exclude: without }, { runOnly: { type: "tag", values: tags } });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  }, exclude);
  return found;
}

const schemes = {
  "light": { colorScheme: "light" },
  "dark": { colorScheme: "dark" },
  "on a phone": { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
for (const [name, options] of Object.entries(schemes)) {
  test(`axe finds nothing, ${name}`, async () => {
    for (const path of pages) {
      const { page, context } = await open(browser, server.url, path, options);
      await settled(page, 500);
      assert.deepEqual(await violations(page), [], path);
      await context.close();
    }
  });
}

test("axe finds nothing from right to left and in German", async () => {
  for (const language of ["ar", "de"]) {
    for (const path of pages) {
      const { page, context } = await open(browser, server.url, `${path}?lang=${language}`);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      assert.equal(await page.locator("html").getAttribute("dir"), language === "ar" ? "rtl" : "ltr");
      assert.deepEqual(await violations(page), [], path);
      await context.close();
    }
  }
});

test("axe finds nothing in the shells around Mirador and Universal Viewer", async () => {
  for (const viewer of ["mirador", "uv"]) {
    const { page, context } = await open(browser, server.url, `/viewer/${viewer}?iiif-content=${encodeURIComponent(`${server.url}/iiif/known/manifest`)}`);
    await settled(page);
    // What the viewers themselves draw is theirs; /accessibility says so.
    const body = await page.evaluate(() => [...document.body.children].filter((child) => !child.matches("header, #main, script")).map((child) => `#${child.id}`).filter((id) => id !== "#"));
    assert.deepEqual(await violations(page, ["#viewer", ...body].map((selector) => [selector])), [], viewer);
    await context.close();
  }
});

test("axe itself runs: a page with a picture without text is found", async () => {
  const { page, context } = await open(browser, server.url, "/accessibility");
  await page.evaluate(() => document.querySelector("main").append(document.createElement("img")));
  assert.ok((await violations(page)).some((found) => found.startsWith("image-alt")));
  await context.close();
});

test("the keyboard alone opens an item, zooms, turns pages and copies the address", async () => {
  const { page, context, faults } = await open(browser, server.url, "/item/manuscripts", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const press_until = async (condition, key = "Tab") => {
    for (let i = 0; i < 60; ++i) {
      if (await page.evaluate(condition)) return;
      await page.keyboard.press(key);
    }
    assert.fail(`never reached: ${condition}`);
  };
  await press_until("document.activeElement.href?.includes('bnf-latin-6337')");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
  assert.notEqual(outline, "0px", "the focus can be seen");
  await page.keyboard.press("Enter");
  await page.locator("#stage[data-ready=true]").waitFor();
  await press_until("document.activeElement.classList.contains('openseadragon-canvas')");
  const picture = page.locator("#stage .openseadragon-canvas");
  const fitted = await picture.screenshot();
  await page.keyboard.press("Equal");
  await page.keyboard.press("Equal");
  await settled(page);
  assert.notDeepEqual(await picture.screenshot(), fitted, "zooming changes what is seen");
  await page.keyboard.press("Digit0");
  await page.keyboard.press("PageDown");
  assert.match(page.url(), /canvas=2/);
  await press_until("document.activeElement.dataset?.tool === 'zoom-in'");
  await press_until("document.activeElement.classList?.contains('copy')");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate("navigator.clipboard.readText()"), await page.locator("#manifest-address").inputValue());
  assert.deepEqual(faults, []);
  await context.close();
});

test("nothing traps the focus: Tab reaches the footer of an item's page", async () => {
  const { page, context } = await open(browser, server.url, "/item/known");
  await page.locator("#stage[data-ready=true]").waitFor();
  for (let i = 0; i < 80; ++i) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement.closest(".colophon") !== null)) return context.close();
  }
  return assert.fail("the focus never left the page's middle");
});

// 1280 pixels at 400 % are 320 (WCAG 2.2, 1.4.10 Reflow).
test("at 400 % there is no second direction to scroll and nothing is cut off", async () => {
  for (const path of pages) {
    const { page, context } = await open(browser, server.url, path, { viewport: { width: 320, height: 256 } });
    await settled(page, 300);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `${path} is ${overflow} pixels too wide`);
    const cut = await page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, p, dt, dd, .work-title, button, .button")]
      .filter((element) => element.offsetParent && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow !== "visible" && !element.matches(".visually-hidden"))
      .map((element) => element.textContent.trim().slice(0, 40)));
    assert.deepEqual(cut, [], path);
    await context.close();
  }
});

test("targets are at least 24 pixels high or wide apart (2.5.8)", async () => {
  const { page, context } = await open(browser, server.url, "/item/manuscripts~bnf-latin-6337");
  await page.locator("#stage[data-ready=true]").waitFor();
  const small = await page.evaluate(() => [...document.querySelectorAll("button, input, nav a, .open-in a")]
    .filter((element) => element.offsetParent)
    .map((element) => ({ name: element.textContent.trim().slice(0, 30), box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 24 || box.width < 24).map(({ name, box }) => `${name} ${box.width}x${box.height}`));
  assert.deepEqual(small, []);
  await context.close();
});
