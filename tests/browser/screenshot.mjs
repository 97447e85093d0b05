// Makes docs/images/item.jpg, the picture of the README, and collection.jpg, from the sample collection.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch, settled } from "./support/browser.mjs";
import { start } from "./support/server.mjs";

const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const shots = { "collection.jpg": "/", "item.jpg": "/item/paintings~grande-jatte" };

await mkdir(images, { recursive: true });
const server = await start();
const browser = await launch();
for (const [file, path] of Object.entries(shots)) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", colorScheme: "light" });
  const page = await context.newPage();
  await page.goto(server.url + path);
  await settled(page, 1500);
  await page.screenshot({ path: images + file, type: "jpeg", quality: 84 });
  await context.close();
}
await browser.close();
await server.stop();
