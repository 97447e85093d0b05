// Content states as a reader meets them: a link that zooms to a part, the link that the page offers, a drop, a paste.
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

const encode = (state) => Buffer.from(encodeURIComponent(JSON.stringify(state))).toString("base64url");
const decode = (text) => JSON.parse(decodeURIComponent(Buffer.from(text, "base64url").toString()));

async function canvas(item, index) {
  const manifest = await (await fetch(`${server.url}/iiif/${item}/manifest`)).json();
  const { id, width, height } = manifest.items[index];
  return { id, width, height, manifest: manifest.id };
}

const state_of = ({ id, manifest }, region) => ({ id: region ? `${id}#xywh=${region}` : id, type: "Canvas", partOf: [{ id: manifest, type: "Manifest" }] });

async function offered(page) {
  const value = await page.locator("#state-link").inputValue();
  assert.ok(value.startsWith(`${server.url}/?iiif-content=`), value);
  return decode(value.split("iiif-content=")[1]);
}

test("a link shows the page and the part that it names, marked", async () => {
  const second = await canvas("manuscripts~bnf-latin-6337", 1);
  const region = [second.width * 0.5, second.height * 0.25, second.width * 0.2, second.height * 0.1].map(Math.round);
  const { page, context, faults } = await open(browser, server.url, `/?iiif-content=${encode(state_of(second, region))}`);
  await page.locator("#stage[data-ready=true]").waitFor();
  await settled(page);
  assert.match(page.url(), /\/item\/manuscripts~bnf-latin-6337\?canvas=2&xywh=/);
  assert.equal(await page.locator("#strip a").nth(1).getAttribute("aria-current"), "page");
  const mark = await page.locator(".stage-mark").boundingBox();
  const stage = await page.locator("#stage").boundingBox();
  const inside = mark.x >= stage.x && mark.y >= stage.y && mark.x + mark.width <= stage.x + stage.width && mark.y + mark.height <= stage.y + stage.height;
  assert.ok(inside && (mark.width > stage.width * 0.5 || mark.height > stage.height * 0.5), JSON.stringify({ mark, stage }));
  assert.ok(Math.abs(mark.width / mark.height - region[2] / region[3]) < 0.1);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/content-state.png` });
  // What the page offers now shows the same, and a little around it.
  const { id } = await offered(page);
  const [x, y, width, height] = /#xywh=([\d,]+)$/.exec(id)[1].split(",").map(Number);
  assert.ok(x <= region[0] && y <= region[1] && x + width >= region[0] + region[2] && y + height >= region[1] + region[3]);
  assert.ok(width < second.width || height < second.height);
  await page.locator("#strip a").first().click();
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.equal(await page.locator(".stage-mark").count(), 0);
  assert.deepEqual(await offered(page), state_of(await canvas("manuscripts~bnf-latin-6337", 0)));
  assert.deepEqual(faults, []);
  await context.close();
});

test("the link follows the zoom, and opens what it says", async () => {
  const known = await canvas("known", 0);
  const { page, context, faults } = await open(browser, server.url, "/item/known");
  await page.locator("#stage[data-ready=true]").waitFor();
  assert.deepEqual(await offered(page), state_of(known));
  for (let i = 0; i < 6; ++i) await page.getByRole("button", { name: "Zoom in" }).click();
  await page.waitForFunction(() => atob(document.getElementById("state-link").value.split("iiif-content=")[1].replace(/-/g, "+").replace(/_/g, "/")).includes("xywh"));
  await settled(page);
  await page.goto(await page.locator("#state-link").inputValue());
  await page.locator(".stage-mark").waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

const drop = (page, text) => page.evaluate((carried) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData("text/plain", carried);
  document.querySelector("main").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}, text);

test("what is dropped or pasted opens", async () => {
  const second = await canvas("manuscripts~bnf-latin-6337", 1);
  const state = { type: "Annotation", motivation: ["contentState"], target: state_of(second, "1,2,300,400") };
  for (const text of [JSON.stringify(state), `${server.url}/?iiif-content=${encode(state)}`]) {
    const { page, context, faults } = await open(browser, server.url, "/item/known?lang=de");
    await Promise.all([page.waitForURL(/bnf-latin-6337\?canvas=2&xywh=1,2,300,400&lang=de/), drop(page, text)]);
    assert.deepEqual(faults, []);
    await context.close();
  }
  const { page, context } = await open(browser, server.url, "/");
  await Promise.all([page.waitForURL(/\/item\/known/), page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
  }, `${server.url}/iiif/known/manifest`)]);
  await drop(page, "just some words");
  await drop(page, encode(state));
  await page.waitForTimeout(300);
  assert.match(page.url(), /\/item\/known$/, "words are no state, and an encoded one has no place here");
  await context.close();
});

// A file that is dropped, or chosen in the footer.
const drop_file = (page, text) => page.evaluate((content) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([content], "state.json", { type: "application/json" }));
  document.querySelector("main").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}, text);
const choose_file = async (page, text) => {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Open a link from a file" }).click()]);
  await chooser.setFiles({ name: "state.json", mimeType: "application/json", buffer: Buffer.from(text) });
};

test("a file that is dropped or chosen opens, and is never encoded", async () => {
  const second = await canvas("manuscripts~bnf-latin-6337", 1);
  const state = { "@context": "http://iiif.io/api/presentation/3/context.json", type: "Annotation", motivation: ["contentState"], target: state_of(second, "1,2,300,400") };
  for (const give of [drop_file, choose_file]) {
    for (const path of ["/", "/item/known"]) {
      const { page, context, faults } = await open(browser, server.url, path);
      for (const text of [encode(state), "just some words", JSON.stringify({ filler: "x".repeat(70000) })]) {
        await give(page, text);
        await page.getByText("The file holds no link").waitFor();
        await page.evaluate(() => (document.getElementById("state-file-status").textContent = ""));
      }
      await Promise.all([page.waitForURL(/bnf-latin-6337\?canvas=2&xywh=1,2,300,400/), give(page, JSON.stringify(state, null, 2))]);
      assert.deepEqual(faults, []);
      await context.close();
    }
  }
});

test("a work elsewhere is said to be elsewhere", async () => {
  const { page, context, faults } = await open(browser, server.url, `/?iiif-content=${encodeURIComponent("https://a.example/manifest")}`);
  assert.equal(await page.locator("h1").textContent(), "A work elsewhere");
  assert.equal(await page.getByRole("link", { name: "https://a.example/manifest" }).getAttribute("href"), "https://a.example/manifest");
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/elsewhere.png` });
  assert.deepEqual(faults, []);
  await context.close();
});

test("Mirador and Universal Viewer open the page that a state names, encoded or by its address", async () => {
  const second = await canvas("manuscripts~bnf-latin-6337", 1);
  const position = { mirador: "2 of 3", uv: null };
  for (const [name, text] of Object.entries(position)) {
    for (const content of [encode(state_of(second)), encodeURIComponent(second.id)]) {
      const { page, context, faults } = await open(browser, server.url, `/viewer/${name}?iiif-content=${content}`);
      await page.locator(".openseadragon-canvas").first().waitFor();
      await settled(page);
      if (text) assert.ok(await page.getByText(text).first().isVisible(), `${name} ${content}`);
      else {
        const fields = await page.evaluate(() => [...document.querySelectorAll("input")].map((field) => field.value));
        assert.ok(fields.some((value) => value === "2" || value === "f11"), `${name} ${content}: ${fields}`);
      }
      assert.deepEqual(faults.filter((fault) => !fault.startsWith("console: Accessing element.ref")), []);  // Mirador's own
      await context.close();
    }
  }
});

test("several targets are several windows", async () => {
  const state = { type: "Annotation", motivation: ["contentState"], target: [state_of(await canvas("known", 0)), state_of(await canvas("manuscripts~bnf-latin-6337", 2))] };
  const { page, context, faults } = await open(browser, server.url, `/viewer/mirador?iiif-content=${encode(state)}`);
  await page.locator(".openseadragon-canvas").nth(1).waitFor();
  assert.ok(await page.getByText("3 of 3").first().isVisible());
  await settled(page);
  assert.deepEqual(faults.filter((fault) => !fault.startsWith("console: Accessing element.ref")), []);
  await context.close();
});

test("the drag symbol takes along what is shown, not encoded", async () => {
  const { page, context } = await open(browser, server.url, "/item/known");
  await page.locator("#stage[data-ready=true]").waitFor();
  const carried = await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    document.querySelector(".drag").dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
    return dataTransfer.getData("text/plain");
  });
  assert.deepEqual(JSON.parse(carried), state_of(await canvas("known", 0)));
  await context.close();
});
