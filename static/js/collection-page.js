/* What the page of a collection adds for those who may fill it: which one it is, and its pictures anew after some came or went. */
export function collectionHere() {
  return document.querySelector("collection-order[data-collection]")?.dataset.collection;
}

/* Its pictures as they are now, `moved` where some may have come or gone; what is gone is selected no more. A picture that was moved meanwhile stays: that is told
   as well, and looked at then. Gently: only where that moves nobody who has read on, who moves a picture, or who looks at one. */
export async function lookAgain(selection, { gently = false, moved = false } = {}) {
  const order = document.querySelector("collection-order");
  const pictures = order?.querySelector("#pictures");
  const isBusy = () => gently && document.querySelector("#pictures li:nth-child(62), [data-dragged], #lightbox[open]");
  if (!pictures || isBusy()) return;
  const { sent } = order;
  // Who has read on stays there: all that is shown is fetched where pictures came or went, else none.
  const shown = pictures.querySelectorAll("li").length;
  const address = new URL(location.href);
  if (shown > 61 && moved) address.searchParams.set("most", shown);
  const think = ({ detail }) => {
    if (detail.target === pictures && (order.sent !== sent || isBusy())) detail.shouldSwap = false;
  };
  pictures.addEventListener("htmx:beforeSwap", think);
  // Morphing is known to what lies inside <live-stream>, and so to the source.
  const how = { source: pictures, target: pictures, select: "#pictures > *", selectOOB: "#rejected", swap: shown > 61 && !moved ? "none" : "morph:innerHTML" };
  await htmx.ajax("GET", address.href, how);
  pictures.removeEventListener("htmx:beforeSwap", think);
  const there = new Set([...document.querySelectorAll(".tile")].map((tile) => tile.id.replace("tile-", "")));
  for (const id of selection?.ids ?? []) if (!there.has(id)) selection.ids.delete(id);
  selection?.draw();
}
