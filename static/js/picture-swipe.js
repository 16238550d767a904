/* A finger that is drawn across a picture turns to the next one, as the arrows do: told by an event `swiped`, 1 or -1. In a picture that is zoomed it pans, and two
   fingers zoom. */
const FAR = 48; // pixels of the screen
const SLOPE = 2; // times as far across as up or down

let start = null;

document.addEventListener("pointerdown", (event) => {
  const isAlone = event.isPrimary && event.pointerType === "touch";
  start = isAlone && event.target.closest("zoom-view:not([data-large])") ? event : null;
});
document.addEventListener("pointercancel", () => (start = null));
document.addEventListener("pointerup", (event) => {
  if (event.pointerId !== start?.pointerId) return;
  const [across, down] = [event.clientX - start.clientX, event.clientY - start.clientY].map(Math.abs);
  if (across >= FAR && across >= SLOPE * down) document.dispatchEvent(new CustomEvent("swiped", { detail: Math.sign(start.clientX - event.clientX) }));
  start = null;
});
