// A folder exported as a static site and given out by a server that knows files and nothing else.
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sample } from "./server.mjs";

const types = { ".html": "text/html", ".json": "application/json", ".js": "text/javascript", ".css": "text/css", ".jpg": "image/jpeg", ".svg": "image/svg+xml", ".txt": "text/plain",
  ".pdf": "application/pdf", ".woff2": "font/woff2", ".xml": "application/xml" };

async function file_at(site, path) {
  let place = join(site, decodeURIComponent(path));
  if ((await stat(place)).isDirectory()) place = join(place, "index.html");
  return [types[extname(place)] ?? "application/octet-stream", await readFile(place)];
}

// { url, stop, folder, output }: `below` is the path of the site's address.
export async function static_site({ fill = sample, below = "" } = {}) {
  const place = await mkdtemp(join(tmpdir(), "armarium-static-"));
  const folder = join(place, "site");
  const scans = join(place, "scans");
  await mkdir(scans);
  await fill(scans);
  const server = createServer(async (request, response) => {
    try {
      const path = new URL(request.url, "http://here").pathname;
      if (!path.startsWith(`${below}/`)) throw new Error("elsewhere");
      const [type, body] = await file_at(folder, path.slice(below.length));
      response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}${below}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(place, { recursive: true, force: true });
  };
  const program = process.env.TEST_PROGRAM ?? fileURLToPath(new URL("../../../build/release/armarium", import.meta.url));
  const done = spawnSync(program, ["export", scans, "--to", folder, "--public-url", url, "--state", join(place, "state")], { encoding: "utf8" });
  if (done.status !== 0) {
    await stop();
    throw new Error(`the export ended with ${done.status}: ${done.stderr}${done.stdout}`);
  }
  return { url, stop, folder, output: done.stdout };
}
