// A minimal IIIF Image API 3 server on sharp (libvips): region, size and JPEG of one folder's files, the nearest level of a pyramid TIFF.
//   node server.mjs FOLDER QUALITY
// It checks little and caches nothing but what libvips caches: a lower bound of what a server on sharp costs. Prints its port.
import http from "node:http";
import path from "node:path";
import sharp from "sharp";

const [folder, quality] = [process.argv[2], Number(process.argv[3] || 82)];
const headers = new Map();

// Width, height and the widths of the levels of a file, read once.
async function describe(file) {
  if (headers.has(file)) return headers.get(file);
  const whole = await sharp(file, { limitInputPixels: false }).metadata();
  const levels = [{ page: 0, width: whole.width }];
  for (let page = 1; page < (whole.pages || 1); page++) {
    levels.push({ page, width: (await sharp(file, { page, limitInputPixels: false }).metadata()).width });
  }
  const header = { width: whole.width, height: whole.height, levels };
  headers.set(file, header);
  return header;
}

function parseRegion(text, { width, height }) {
  if (text === "full") return { x: 0, y: 0, w: width, h: height };
  const [x, y, w, h] = text.split(",").map(Number);
  return { x, y, w: Math.min(w, width - x), h: Math.min(h, height - y) };
}

function parseSize(text, { w, h }) {
  if (text === "max") return [w, h];
  const [a, b] = text.replace("!", "").split(",").map((part) => (part ? Number(part) : 0));
  if (text.startsWith("!")) {
    const scale = Math.min(a / w, b / h);
    return [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale))];
  }
  return [a || Math.max(1, Math.round((w * b) / h)), b || Math.max(1, Math.round((h * a) / w))];
}

async function picture(file, regionText, sizeText) {
  const header = await describe(file);
  const region = parseRegion(regionText, header);
  const [width, height] = parseSize(sizeText, region);
  const wanted = width / region.w;
  const level = header.levels.filter((one) => one.width / header.width >= wanted * 0.999).pop() || header.levels[0];
  const scale = level.width / header.width;
  const levelHeight = Math.floor(header.height * scale);
  const [left, top] = [Math.round(region.x * scale), Math.round(region.y * scale)];
  const extract = {
    left, top,
    width: Math.max(1, Math.min(Math.round(region.w * scale), level.width - left)),
    height: Math.max(1, Math.min(Math.round(region.h * scale), levelHeight - top)),
  };
  let image = sharp(file, { page: level.page, limitInputPixels: false }).extract(extract);
  if (extract.width !== width || extract.height !== height) image = image.resize(width, height, { fit: "fill" });
  return image.jpeg({ quality }).toBuffer();
}

async function answer(request, response) {
  const parts = request.url.split("/").slice(2).map(decodeURIComponent);
  const file = path.join(folder, path.basename(parts[0] || ""));
  try {
    if (parts[1] === "info.json") {
      const { width, height } = await describe(file);
      const id = `http://${request.headers.host}/iiif/${parts[0]}`;
      response.writeHead(200, { "Content-Type": "application/ld+json" });
      response.end(JSON.stringify({
        "@context": "http://iiif.io/api/image/3/context.json", id, type: "ImageService3", protocol: "http://iiif.io/api/image",
        profile: "level1", width, height, tiles: [{ width: 256, scaleFactors: [1, 2, 4, 8, 16, 32] }],
      }));
      return;
    }
    const body = await picture(file, parts[1], parts[2]);
    response.writeHead(200, { "Content-Type": "image/jpeg", "Content-Length": body.length });
    response.end(body);
  } catch (error) {
    response.writeHead(404);
    response.end(String(error.message));
  }
}

const server = http.createServer({ keepAliveTimeout: 60000 }, answer);
server.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));
