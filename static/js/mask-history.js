/* Undo and redo of a mask, as the tiles that a step changed, each as it was on the other side of the step. A tile of one value
   is kept as that value, and an inversion as nothing at all. Bounded by what it weighs: the oldest steps go first. */
const MOST_BYTES = 48 * 2 ** 20;
const MOST_STEPS = 200;
const INVERSION = "inversion";

export class MaskHistory {
  constructor(pixels) {
    this.pixels = pixels;
    this.done = [];
    this.undone = [];
  }

  begin() {
    this.step = new Map();
  }

  /* A tile as it was when the step began: bytes, or one number for all of it. */
  keep(index) {
    if (!this.step.has(index)) this.step.set(index, this.copy(index));
    return this.step.get(index);
  }

  end() {
    const { step } = this;
    this.step = null;
    if (step.size) this.push(step);
    return step.size > 0;
  }

  cancel() {
    if (this.step) for (const [index, tile] of this.step) this.put(index, tile);
    this.step = null;
  }

  invert() {
    this.pixels.invert();
    this.push(INVERSION);
    return true;
  }

  undo() {
    return this.cross(this.done, this.undone);
  }

  redo() {
    return this.cross(this.undone, this.done);
  }

  push(step) {
    this.undone = [];
    this.done.push(step);
    let weight = this.done.reduce((sum, each) => sum + weigh(each), 0);
    while (this.done.length > MOST_STEPS || (weight > MOST_BYTES && this.done.length > 1)) weight -= weigh(this.done.shift());
  }

  cross(from, to) {
    const step = from.pop();
    if (!step) return false;
    if (step === INVERSION) this.pixels.invert();
    else for (const [index, tile] of step) this.swap(step, index, tile);
    to.push(step);
    return true;
  }

  swap(step, index, tile) {
    step.set(index, this.copy(index));
    this.put(index, tile);
  }

  copy(index) {
    const { left, top, wide, high } = this.pixels.tile(index);
    const { soft, width } = this.pixels;
    const tile = new Uint8Array(wide * high);
    for (let y = 0; y < high; y += 1) {
      const start = (top + y) * width + left;
      tile.set(soft.subarray(start, start + wide), y * wide);
    }
    return tile.every((value) => value === tile[0]) ? tile[0] : tile;
  }

  put(index, tile) {
    const { left, top, wide, high } = this.pixels.tile(index);
    const { soft, width } = this.pixels;
    for (let y = 0; y < high; y += 1) {
      const start = (top + y) * width + left;
      if (typeof tile === "number") soft.fill(tile, start, start + wide);
      else soft.set(tile.subarray(y * wide, (y + 1) * wide), start);
    }
    this.pixels.count(index);
  }
}

function weigh(step) {
  if (step === INVERSION) return 0;
  let bytes = 0;
  for (const tile of step.values()) bytes += typeof tile === "number" ? 8 : tile.length;
  return bytes;
}
