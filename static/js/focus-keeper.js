/* When what has the focus is swapped out, such as the button that ended a link or read a notice, the focus goes on to the next thing: to what
   stands in its place (the button that takes it back, a field that came), else to the same button of the next row, else to the heading of what
   it stood in. */
const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const ID = /\d|^[\w-]{12,}$/; // a part of an address that names one of many

const isThere = (stop) => stop.checkVisibility() && !stop.disabled;
const isField = (stop) => stop.matches("input, select, textarea");
const stopsIn = (place) => [...place.querySelectorAll(STOPS)].filter(isThere);
const again = (place) => (place.isConnected ? place : place.id && document.getElementById(place.id));

/* What it does, in whichever row it stands. */
function does(stop) {
  const [address] = (stop.getAttribute("hx-post") ?? stop.getAttribute("hx-get") ?? stop.form?.getAttribute("action") ?? "").split("?");
  const path = address.split("/").filter((part) => part && !ID.test(part)).join("/");
  return `${stop.tagName} ${path || stop.textContent}`;
}

function alike(what, around) {
  return stopsIn(around).filter((stop) => does(stop) === what);
}

const headingsIn = (place) => [...place.querySelectorAll("h1, h2, h3")].filter(isThere);

/* The heading that stood over it, by its words where nothing else is left of it; else that of what is still there around it. */
function headingOf(places, words) {
  const around = places.map(again).filter(Boolean);
  const same = around.flatMap(headingsIn).find((heading) => heading.textContent === words);
  return same ?? around.flatMap(headingsIn)[0] ?? document.getElementById("main");
}

/* Remembers what has the focus; call what this returns once it may be gone. */
function hold() {
  const active = document.activeElement;
  const popover = active.closest("[popover]");
  // What opened it stands in the row; the popover goes with it.
  const stop = (popover && document.querySelector(`[popovertarget="${popover.id}"]`)) ?? active;
  const [byKey, scope] = [active.matches(":focus-visible"), stop.closest("dialog") ?? document.body];
  const [what, row] = [does(stop), stop.parentElement.closest("[id]")];
  const [at, before] = [alike(what, scope).indexOf(stop), row ? stopsIn(row) : []];
  const places = [];
  for (let place = stop.parentElement; place; place = place.parentElement) places.push(place);
  const words = places.flatMap(headingsIn)[0]?.textContent;
  return () => {
    if (document.activeElement !== document.body) return;
    const isLeft = active.isConnected && isThere(active); // a heading that was morphed can't have the focus any more
    const now = row && again(row) ? stopsIn(again(row)) : [];
    const others = alike(what, scope);
    const isSwitched = before.includes(stop) && now.length === before.length;
    const inPlace = isSwitched ? now[before.indexOf(stop)] : !before.some(isField) && now.find(isField);
    const next = isLeft ? active : inPlace || (others[Math.min(at, others.length - 1)] ?? headingOf(places, words));
    if (!next.matches(STOPS)) next.tabIndex = -1;
    next.focus({ preventScroll: !byKey });
  };
}

let held = null; // {xhr, back}: of which answer, and what to do once all of it stands on the page
let xhr = null; // of the answer that is being swapped in, with its parts for other places
for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"])
  document.addEventListener(name, ({ detail }) => {
    xhr = detail.xhr ?? xhr;
    if (detail.shouldSwap && document.activeElement !== document.body && detail.target.contains(document.activeElement)) held = { xhr, back: hold() };
  });
// Not sooner, when what is new would not do anything yet; and not later: who leaves a field then, as with the key that puts a phone's keyboard away, is not
// taken back into it.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!held || detail.xhr !== held.xhr) return;
  held.back();
  held = null;
});
// Whoever went elsewhere meanwhile stays there.
for (const name of ["pointerdown", "focusin"]) document.addEventListener(name, () => { held = null; });
