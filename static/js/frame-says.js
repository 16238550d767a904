/* What a frame says of itself: the size that comes out, the limit before it is passed, and which preset it is. */
import { SIDES, forAspect, hold, size } from "./frame-sums.js";

export function preset(source, aspect) {
  return forAspect(source, ...(aspect === "none" ? [0, 0] : aspect.split(":").map(Number)));
}

/* `stopped` is "wide" or "high" where the limit was met just now. */
export function say(host, { source, added, zoom, limit, stopped }) {
  const after = size(source, added);
  text(host, "size", `${after.width} × ${after.height}`);
  text(host, "megapixels", `${((after.width * after.height) / 1e6).toFixed(1)} MP`);
  text(host, "zoom", `${zoom} %`);
  const over = after.width > limit ? "wide" : after.height > limit ? "high" : null;
  const stops = stopped || over;
  text(host, "limit", stops ? reason(stops, source, limit) : "");
  host.toggleAttribute("data-stopped", Boolean(stops));
  const slider = host.querySelector("[data-zoom]");
  slider.value = zoom;
  slider.setAttribute("aria-valuetext", `${zoom} %`);
  for (const button of host.querySelectorAll("[data-aspect]")) {
    const would = hold(preset(source, button.dataset.aspect), source, limit).added;
    button.setAttribute("aria-pressed", String(SIDES.every((side) => would[side] === added[side])));
  }
}

function reason(stops, source, limit) {
  const room = Math.max(0, limit - (stops === "wide" ? source.width : source.height));
  return `At most ${limit.toLocaleString("en-US")} px ${stops}: ${room.toLocaleString("en-US")} px can be added.`;
}

function text(host, name, words) {
  for (const place of host.querySelectorAll(`[data-say=${name}]`)) if (place.textContent !== words) place.textContent = words;
}
