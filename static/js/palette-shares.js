/* How much of a picture each of its colors takes, in whole percent that sum up to 100. Counted on a small copy of what the page
   shows already; pixels that can be seen through don't count. */
const SIDE = 128; // pixels
const OPAQUE = 128;

/* `colors` are #rrggbb. Nothing where the picture can't be read, or shows none of them. */
export async function sharesOf(img, colors) {
  try {
    await img.decode();
  } catch {
    return null; // not there any more
  }
  const scale = Math.min(1, SIDE / Math.max(img.naturalWidth, img.naturalHeight));
  const [width, height] = [img.naturalWidth, img.naturalHeight].map((side) => Math.max(1, Math.round(side * scale)));
  const on = new OffscreenCanvas(width, height).getContext("2d");
  on.imageSmoothingEnabled = false; // mixed colors would count for neither
  on.drawImage(img, 0, 0, width, height);
  return whole(counted(on.getImageData(0, 0, width, height).data, colors.map(channels)));
}

function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function counted(data, colors) {
  const counts = colors.map(() => 0);
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] >= OPAQUE) counts[nearest(data, at, colors)] += 1;
  return counts;
}

function nearest(data, at, colors) {
  let [best, least] = [0, Infinity];
  for (const [index, [red, green, blue]] of colors.entries()) {
    const far = (data[at] - red) ** 2 + (data[at + 1] - green) ** 2 + (data[at + 2] - blue) ** 2;
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

/* Percent without a remainder: what rounding down leaves goes to the largest fractions. */
export function whole(counts) {
  const sum = counts.reduce((all, count) => all + count, 0);
  if (!sum) return null;
  const exact = counts.map((count) => (100 * count) / sum);
  const percent = exact.map(Math.floor);
  const left = 100 - percent.reduce((all, part) => all + part, 0);
  const order = [...exact.keys()].sort((a, b) => exact[b] - percent[b] - (exact[a] - percent[a]));
  for (const at of order.slice(0, left)) percent[at] += 1;
  return percent;
}
