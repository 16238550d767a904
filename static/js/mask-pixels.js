/* The mask in source pixels. Each holds how strongly it was painted, 0 to 255; what is posted is whether that is at least
   half (`IN`). So a soft brush feathers on the screen, and the line where the mask ends is where its strength crosses the
   half: going over a soft rim again takes it in. Work, and what can be undone, is kept in tiles. */
import { MaskHistory } from "./mask-history.js";

export const TILE = 128;
export const IN = 128;

export class MaskPixels {
  constructor(width, height) {
    Object.assign(this, { width, height });
    this.soft = new Uint8Array(width * height);
    this.columns = Math.ceil(width / TILE);
    this.counts = new Uint32Array(this.columns * Math.ceil(height / TILE));
    this.inside = 0;
    this.touched = new Set(); // tiles to draw anew
    this.history = new MaskHistory(this);
  }

  get part() {
    return this.inside / this.soft.length;
  }

  isIn(x, y) {
    return this.soft[y * this.width + x] >= IN;
  }

  /* Where a tile lies, clipped to the picture. */
  tile(index) {
    const left = (index % this.columns) * TILE;
    const top = Math.floor(index / this.columns) * TILE;
    return { left, top, wide: Math.min(TILE, this.width - left), high: Math.min(TILE, this.height - top) };
  }

  /* Everything until `end` is undone as one. `removes` takes away instead of adding. */
  begin(removes = false) {
    this.removes = removes;
    this.strokes = new Map();
    this.history.begin();
  }

  end() {
    this.strokes = null;
    return this.history.end();
  }

  cancel() {
    this.strokes = null;
    this.history.cancel();
  }

  /* A piece of a stroke. Where a stroke crosses itself it counts once: only its strongest pass. */
  cover(shape) {
    const [first, last] = [this.clip(shape.left, shape.top), this.clip(shape.right, shape.bottom)];
    for (let y = first.row; y <= last.row; y += 1)
      for (let x = first.column; x <= last.column; x += 1) this.coverTile(y * this.columns + x, shape);
  }

  clip(x, y) {
    const within = (value, size) => Math.floor(Math.min(size - 1, Math.max(0, value)) / TILE);
    return { column: within(x, this.width), row: within(y, this.height) };
  }

  coverTile(index, shape) {
    const { left, top, wide, high } = this.tile(index);
    const [x0, x1] = [Math.max(0, Math.floor(shape.left) - left), Math.min(wide, Math.ceil(shape.right) - left)];
    const [y0, y1] = [Math.max(0, Math.floor(shape.top) - top), Math.min(high, Math.ceil(shape.bottom) - top)];
    if (x0 >= x1 || y0 >= y1) return;
    const before = this.history.keep(index);
    if (!this.strokes.has(index)) this.strokes.set(index, new Uint8Array(wide * high));
    const stroke = this.strokes.get(index);
    for (let y = y0; y < y1; y += 1)
      for (let x = x0; x < x1; x += 1) {
        const here = y * wide + x;
        if (stroke[here] === 255) continue; // most of them: pieces of a stroke overlap
        const strength = shape.at(left + x + 0.5, top + y + 0.5);
        if (strength <= stroke[here]) continue;
        stroke[here] = strength;
        const was = typeof before === "number" ? before : before[here];
        const now = this.removes ? (was * (255 - strength)) / 255 : was + ((255 - was) * strength) / 255;
        this.soft[(top + y) * this.width + left + x] = Math.round(now);
      }
    this.count(index);
  }

  /* Whole rows `[y, from, to)` at once. */
  fill(rows) {
    const tiles = new Set();
    for (const [y, from, to] of rows) {
      if (y < 0 || y >= this.height) continue;
      const [left, right] = [Math.max(0, from), Math.min(this.width, to)];
      for (let x = left; x < right; x = (Math.floor(x / TILE) + 1) * TILE) tiles.add(this.keepAt(x, y));
      if (left < right) this.soft.fill(this.removes ? 0 : 255, y * this.width + left, y * this.width + right);
    }
    for (const index of tiles) this.count(index);
  }

  keepAt(x, y) {
    const index = Math.floor(y / TILE) * this.columns + Math.floor(x / TILE);
    this.history.keep(index);
    return index;
  }

  /* Its own opposite, so nothing has to be kept to undo it. */
  invert() {
    for (let at = 0; at < this.soft.length; at += 1) this.soft[at] = 255 - this.soft[at];
    this.countAll();
  }

  countAll() {
    for (let index = 0; index < this.counts.length; index += 1) this.count(index);
  }

  count(index) {
    const { left, top, wide, high } = this.tile(index);
    let inside = 0;
    for (let y = top; y < top + high; y += 1) {
      const start = y * this.width + left;
      for (let at = start; at < start + wide; at += 1) inside += this.soft[at] >> 7;
    }
    this.inside += inside - this.counts[index];
    this.counts[index] = inside;
    this.touched.add(index);
  }

  writeRow(y, into) {
    const start = y * this.width;
    for (let x = 0; x < this.width; x += 1) into[x] = this.soft[start + x] >= IN ? 255 : 0;
  }
}
