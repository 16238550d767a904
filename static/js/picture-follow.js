/* What others do with the pictures of this page, or oneself in another tab: once the page's stream says that pictures changed, what is shown
   of them is looked at anew. Nothing is taken from under one's hands: words that are being typed stay, and so does what is looked at. */
import { lookAgain } from "./collection-page.js";
import { place } from "./picture-answer.js";

const AT_ONCE = 200; // names, for which there is room in an address with every proxy

let presses = 0; // that were answered on this page

export function pressed() {
  presses += 1;
}

/* The days that these tiles stand under, where the heading says how many pictures a day has. */
function daysOf(tiles) {
  const headings = tiles.map((tile) => tile.closest(".grid")?.previousElementSibling).filter((each) => each?.querySelector("[id^=count-]"));
  return [...new Set(headings.map((heading) => heading.dataset.key))].join(",");
}

/* The marks of all tiles, how many pictures their days have, and what is made and said of the one picture that is shown. Who writes goes on writing, and a place that is being
   pointed at stays. */
export async function lookAtMarks(acts) {
  const tiles = [...document.querySelectorAll(".tile")];
  const shown = document.querySelector("[id^=judge-]")?.id.replace("judge-", "") ?? "";
  const talk = document.getElementById(`talk-${shown}`);
  const about = `&shown=${shown}${talk ? `&said=${talk.dataset.shown}` : ""}`;
  const [before, headers] = [presses, { "X-Workspace": document.body.dataset.workspace }];
  let html = "";
  for (let at = 0; at < tiles.length || (shown && !at); at += AT_ONCE) {
    const some = tiles.slice(at, at + AT_ONCE);
    const named = `assets=${some.map((tile) => tile.id.replace("tile-", "")).join(",")}&days=${daysOf(some)}${at ? "" : about}`;
    const answer = await fetch(`${acts.dataset.marks}?${named}`, { headers }).catch(() => null);
    if (!answer?.ok) return;
    html += await answer.text();
  }
  // What was pressed or said here meanwhile is newer than this.
  if (before !== presses || talk?.isConnected === false) return void (await lookAtMarks(acts));
  place(html, { gently: true });
  for (const field of talk ? document.querySelectorAll("comment-field") : []) field.show();
}

/* Many pictures were worked on in the background, or the lightbox brings what it was asked for before the last press: what is shown is looked at
   anew. */
function lookAfter(acts) {
  let seen = presses;
  document.addEventListener("htmx:beforeSend", ({ target }) => { if (target.matches?.("light-box")) seen = presses; }, { signal: acts.gone.signal });
  document.addEventListener("htmx:afterSettle", async ({ target }) => {
    const isDone = target.matches?.(".doing:not([hx-trigger])");
    if (!isDone && !(target.id === "lightbox-content" && seen !== presses)) return;
    seen = presses;
    if (isDone) await lookAgain(acts.selection, { moved: true });
    await lookAtMarks(acts);
  }, { signal: acts.gone.signal });
}

export function follow(acts) {
  lookAfter(acts);
  document.querySelector("live-stream")?.source?.addEventListener("pictures@2s", async () => {
    if (!acts.isConnected) return;
    await lookAgain(acts.selection, { gently: true });
    await lookAtMarks(acts);
    for (const menu of document.querySelectorAll("#filters [popover][hx-get]:not(:popover-open)")) renew(menu);
  });
}

/* A menu was fetched when it was opened first; the next time it counts anew. */
function renew(menu) {
  const again = menu.cloneNode(true);
  menu.replaceWith(again);
  htmx.process(again);
}
