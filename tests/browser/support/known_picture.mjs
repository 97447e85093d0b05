// The known picture: large blocks of different colours, and in the middle one a field of small squares in random greys, which survives only at full
// resolution. `match` finds at what zoom a screenshot shows the middle of the picture, and how far its pixels are from the known ones.
import { encode } from "./png.mjs";

export const width = 2400;
export const height = 1760;
const block = 160;
const cell = 3;  // half the resolution mixes two of them, which the comparison sees
const greys = [30, 95, 160, 225];

// A small generator of its own, so that the picture is the same on every machine.
function grey(column, row) {
  let seed = (column * 73856093) ^ (row * 19349663) ^ 0x5bd1e995;
  seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  seed = Math.imul(seed ^ (seed >>> 12), 0x297a2d39);
  return greys[(seed >>> 13) & 3];
}

export function pixel(x, y) {
  const [column, row] = [Math.floor(x / block), Math.floor(y / block)];
  if (column === 7 && row === 5) {
    const value = grey(Math.floor(x / cell), Math.floor(y / cell));
    return [value, value, value];
  }
  return [30 + column * 14, 30 + row * 19, (column + row) % 2 ? 70 : 190];
}

export const png = () => encode(width, height, pixel);

// The mean distance of the screenshot from the picture when the picture's middle lies at (x, y) and one of its pixels takes `zoom` on the screen.
function distance(shot, x, y, zoom, reach) {
  let sum = 0;
  let count = 0;
  const [middle_column, middle_row] = [Math.floor(width / 2 / cell), Math.floor(height / 2 / cell)];
  for (let row = middle_row - reach; row < middle_row + reach; ++row) {
    for (let column = middle_column - reach; column < middle_column + reach; ++column) {
      const [px, py] = [(column + 0.5) * cell, (row + 0.5) * cell];
      const [sx, sy] = [Math.floor(x + (px - width / 2) * zoom), Math.floor(y + (py - height / 2) * zoom)];
      if (sx < 0 || sy < 0 || sx >= shot.width || sy >= shot.height) continue;
      const seen = shot.at(sx, sy);
      const known = pixel(Math.floor(px), Math.floor(py));
      sum += Math.abs(seen[0] - known[0]) + Math.abs(seen[1] - known[1]) + Math.abs(seen[2] - known[2]);
      ++count;
    }
  }
  return sum / (3 * count);
}

// Looks for the zoom between 1 and 20 and for the middle within four pixels of (x, y).
export function match(shot, x, y) {
  let best = { distance: Infinity };
  const reach = 8;
  for (let zoom = 1; zoom < 20; zoom *= 1.004) {
    for (let dx = -4; dx <= 4; dx += 1) {
      for (let dy = -4; dy <= 4; dy += 1) {
        const found = distance(shot, x + dx, y + dy, zoom, reach);
        if (found < best.distance) best = { distance: found, zoom, dx, dy };
      }
    }
  }
  return best;
}
