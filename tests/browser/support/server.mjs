// Starts the program on a folder, by default one with the sample collection and the known picture, on a free port, and ends it by its own process.
import { spawn, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as known from "./known_picture.mjs";
import { encode } from "./png.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export async function sample(scans) {
  await cp(join(root, "examples/collection"), scans, { recursive: true, filter: (path) => !path.includes(".armarium") });
  await mkdir(join(scans, "known"));
  await writeFile(join(scans, "known/mosaic.png"), known.png());
  await mkdir(join(scans, "damaged"));
  await writeFile(join(scans, "damaged/broken.jpg"), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]));
  await writeFile(join(scans, "damaged/fine.png"), known.png());
  await mkdir(join(scans, "mixed/inner"), { recursive: true });
  await writeFile(join(scans, "mixed/own.png"), encode(60, 40, () => [120, 60, 40]));
  await writeFile(join(scans, "mixed/inner/page.png"), encode(40, 60, () => [40, 60, 120]));
}

async function until(question, seconds, what) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await question()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not happen within ${seconds} seconds`);
}

export const editor = { name: "ada", password: "correct horse battery" };

// The key by which programs sign in as the editor.
function add_editor(program, place) {
  const state = ["--state", join(place, "state")];
  const added = spawnSync(program, ["user", "add", editor.name, "--role", "editor", "--password-stdin", ...state], { input: editor.password });
  const made = spawnSync(program, ["user", "key", editor.name, "--scope", "edit", ...state]);
  const key = /arm_\S+/.exec(String(made.stdout))?.[0];
  if (added.status !== 0 || !key) throw new Error(`no user could be made: ${added.stderr}${made.stderr}`);
  return key;
}

// { url, stop, key }; TEST_URL names a server of the sample that runs already. `fill` puts files into the folder; with `writable` an editor may write.
export async function start({ fill = sample, writable = false } = {}) {
  if (process.env.TEST_URL && fill === sample && !writable) return { url: process.env.TEST_URL, stop: async () => {} };
  const program = process.env.TEST_PROGRAM ?? join(root, "build/release/armarium");
  const place = await mkdtemp(join(tmpdir(), "armarium-browser-"));
  const scans = join(place, "scans");
  await mkdir(scans);
  await fill(scans);
  const key = writable ? add_editor(program, place) : null;
  const child = spawn(program, ["serve", scans, "--listen", "127.0.0.1:0", "--state", join(place, "state")], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let ended = null;
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code, signal) => (ended = signal ?? code));
  const stop = async () => {
    child.kill("SIGTERM");
    await until(() => ended !== null, 20, "the end of the server");
    await rm(place, { recursive: true, force: true });
  };
  try {
    let url = null;
    await until(() => {
      if (ended !== null) throw new Error(`the server ended with ${ended}`);
      url = /https?:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      return url;
    }, 60, "the line that says where the server listens");
    if (fill === sample) await until(async () => (await fetch(`${url}/iiif/known/manifest`)).status === 200, 60, "the manifest of the known picture");
    await until(async () => !(await (await fetch(`${url}/`)).text()).includes('class="notice" role="status"'), 120, "the end of the first scan");
    return { url, stop, key };
  } catch (error) {
    if (ended === null) await stop();
    throw new Error(`${error.message}; the server said:\n${output}`);
  }
}
