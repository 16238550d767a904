/* What the page of a collection adds for those who may fill it: which one it is, and its pictures anew after some came or went. */
export function collectionHere() {
  return document.querySelector("collection-order[data-collection]")?.dataset.collection;
}

/* The first page of its pictures as they are now; what is gone is selected no more. */
export async function lookAgain(selection) {
  if (!collectionHere() || !document.getElementById("pictures")) return;
  await htmx.ajax("GET", location.href, { target: "#pictures", select: "#pictures", swap: "outerHTML" });
  const there = new Set([...document.querySelectorAll(".tile")].map((tile) => tile.id.replace("tile-", "")));
  for (const id of selection?.ids ?? []) if (!there.has(id)) selection.ids.delete(id);
  selection?.draw();
}
