/* What is done with pictures is done in the order of the presses, one after the other: a quick undo takes back what was pressed just before it,
   and a key that is pressed twice meets what the first press made. */
const waiting = [];
let isBusy = false;

/* Settles once its work is done, with what that gave. */
export function inTurn(work) {
  return new Promise((done) => {
    waiting.push(() => Promise.resolve().then(work).catch(reportError).then(done));
    if (!isBusy) goOn();
  });
}

async function goOn() {
  isBusy = true;
  while (waiting.length) await waiting.shift()();
  isBusy = false;
}

// Whoever leaves the page has pressed all of it.
addEventListener("pagehide", () => {
  for (const work of waiting.splice(0)) work();
});

/* The trash takes pictures out of a list where one stands. */
export function hasLeft(id) {
  return Boolean(document.getElementById(`tile-${id}`)?.closest("[hidden]"));
}

/* What has left the list since it was pressed is not meant any more; in place of a single picture it is the next one, where the focus is now. */
export function stillMeant(target, now) {
  const here = target.ids.filter((id) => !hasLeft(id));
  if (target.search !== undefined || here.length === target.ids.length) return target;
  if (target.ids.length === 1) return now;
  return { ids: here, count: here.length };
}

/* The picture in the lightbox, from the moment somebody turns to it: what is said about it may still be on its way. */
export function inLightbox() {
  const light = document.querySelector("light-box");
  return light?.dialog?.open ? light.shown?.replace("open-", "") : undefined;
}

/* Whether something lies over the page, or over the lightbox, which has the keys of pictures itself. */
export function isCovered() {
  return [...document.querySelectorAll("dialog[open], :popover-open")].some((each) => each.id !== "lightbox");
}
