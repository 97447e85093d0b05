// Two servers of others: a museum (the program itself, with pictures and image services) and a plain one, which answers whatever a document names besides, and
// holds the page with Clover. Each picture of the museum has a colour of its own, so that a screenshot tells which one is shown.
import { createServer } from "node:http";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "./png.mjs";
import { start } from "./server.mjs";

export const colours = {
  "book-1": [200, 40, 40], "book-1x": [70, 70, 90], "book-2": [40, 150, 60], "book-3": [40, 80, 200], "book-cover": [150, 90, 30], "book-thumb": [240, 200, 90],
  "far": [90, 40, 120], "skull-poster": [230, 120, 20], "concert-poster": [20, 140, 150], "old-1": [210, 60, 140], "old-2": [110, 150, 20], "own-1": [180, 170, 30],
};

// A frame, a diagonal and the colour.
export function page_picture(width, height, colour) {
  return encode(width, height, (x, y) => {
    if (x < 12 || y < 12 || x >= width - 12 || y >= height - 12) return [250, 245, 230];
    return Math.abs(x * height - y * width) < 3 * width ? [0, 0, 0] : colour;
  });
}

async function fill(folder) {
  await mkdir(join(folder, "pictures"));
  for (const [name, colour] of Object.entries(colours)) await writeFile(join(folder, `pictures/${name}.png`), page_picture(800, 600, colour));
}

export const museum = () => start({ fill });

export const clover_script = fileURLToPath(new URL("../node_modules/.clover/dist/web-components/index.umd.js", import.meta.url));
const clover_page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Clover</title><link rel="icon" href="data:,">
<style>body { margin: 0; background: #fff }</style><script src="/clover.js"></script>
<script>document.addEventListener("DOMContentLoaded", () => {
  const viewer = document.createElement("clover-viewer");
  viewer.setAttribute("id", new URLSearchParams(location.search).get("iiif-content"));
  document.body.append(viewer);
})</script><body></body></html>`;

async function answer(path) {
  if (path === "/clover") return ["text/html", clover_page];
  if (path === "/blank") return ["text/html", "<!doctype html><html lang=en><title>Elsewhere</title><link rel=icon href='data:,'>"];
  if (path === "/clover.js") return ["text/javascript", await readFile(clover_script)];
  if (/\.(png|jpg)$/.test(path)) return ["image/png", page_picture(120, 60, [60, 60, 60])];
  if (path.startsWith("/old/list/")) return ["application/json", JSON.stringify({ "@context": "http://iiif.io/api/presentation/2/context.json", "@type": "sc:AnnotationList", resources: [] })];
  return ["application/json", JSON.stringify({ "@context": "http://iiif.io/api/presentation/3/context.json", type: "AnnotationPage", items: [] })];
}

// { url, stop }
export async function plain_server() {
  const server = createServer(async (request, response) => {
    const [type, body] = await answer(new URL(request.url, "http://elsewhere").pathname);
    response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

// A document of tests/fixtures/documents whose pictures are the museum's and whose other addresses the plain server answers.
export async function document(name, { museum, plain }) {
  const text = await readFile(fileURLToPath(new URL(`../../fixtures/documents/${name}.json`, import.meta.url)), "utf8");
  return JSON.parse(text
    .replaceAll(/https:\/\/example\.org\/old\/(\d)\.jpg/g, `${museum}/iiif/image/2/pictures~old-$1/full/full/0/default.jpg`)
    .replaceAll(/https:\/\/example\.org\/old\/iiif\/(\d)/g, `${museum}/iiif/image/2/pictures~old-$1`)
    .replaceAll(/https:\/\/example\.org\/pictures\/([\w-]+)\.jpg/g, `${museum}/iiif/image/3/pictures~$1/full/max/0/default.jpg`)
    .replaceAll("https://example.org/far/manifest", `${museum}/iiif/pictures/manifest`)
    .replaceAll("https://example.org/far/collection", `${museum}/iiif/collection`)
    .replaceAll("https://example.org/iiif/", `${museum}/iiif/image/3/pictures~`)
    .replaceAll("https://example.org/", `${plain}/`));
}
