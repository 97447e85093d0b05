// Builds web/dist from web/src and web/node_modules: our scripts, the fonts, and the published files of the bundled viewers, which
// scripts/lib/web.sh has unpacked into web/node_modules/.viewers after checking them against viewers.lock.json.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";

const dist = new URL("./dist/", import.meta.url);
const modules = new URL("./node_modules/", import.meta.url);
const viewers = new URL(".viewers/", modules);
const to = (path) => new URL(path, dist);

await rm(dist, { recursive: true, force: true });
await mkdir(to("licences/"), { recursive: true });

await build({
  absWorkingDir: new URL(".", import.meta.url).pathname,
  entryPoints: ["src/item.ts", "src/copy.ts", "src/mirador.ts", "src/uv.ts"],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
});
await cp(new URL("openseadragon/LICENSE.txt", modules), to("licences/openseadragon.txt"));

// Fonts: upright text only; everything else falls back to what the reader's system has.
const faces = { "newsreader": ["Newsreader Variable", "opsz"], "source-sans-3": ["Source Sans 3 Variable", "wght"] };
let css = "";
await mkdir(to("fonts/"));
for (const [name, [family, axis]] of Object.entries(faces)) {
  const folder = new URL(`@fontsource-variable/${name}/`, modules);
  const source = await readFile(new URL(`${axis}.css`, folder), "utf8");
  for (const block of source.match(/@font-face \{[^}]*\}/g) ?? []) {
    const file = /files\/([a-z0-9-]+-(latin|latin-ext)-(opsz|wght)-normal\.woff2)/.exec(block)?.[1];
    if (!file) continue;
    css += block.replace("./files/", "fonts/").replaceAll(/'Newsreader Variable'|'Source Sans 3 Variable'/g, `"${family}"`) + "\n";
    await cp(new URL(`files/${file}`, folder), to(`fonts/${file}`));
  }
  await cp(new URL("LICENSE", folder), to(`licences/${name}.txt`));
}
await writeFile(to("fonts.css"), css);

const present = new Set(await readdir(viewers).catch(() => []));
if (present.has("mirador")) {
  await mkdir(to("mirador/"));
  const script = await readFile(new URL("mirador/dist/mirador.min.js", viewers), "utf8");
  await writeFile(to("mirador/mirador.min.js"), script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
  await cp(new URL("mirador/LICENSE", viewers), to("licences/mirador.txt"));
}
if (present.has("universalviewer")) {
  await cp(new URL("universalviewer/dist/umd/", viewers), to("uv/umd/"), { recursive: true, filter: (path) => !path.endsWith(".map") });
  await cp(new URL("universalviewer/dist/uv.css", viewers), to("uv/uv.css"));
  await cp(new URL("universalviewer/LICENSE.txt", viewers), to("licences/universalviewer.txt"));
}
