/* A part of a list by its address, as it would stand on the page; null where it could not be fetched. */
export async function partOf(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true", "X-Workspace": document.body.dataset.workspace } }).catch(() => null);
  if (!answer?.ok || answer.headers.has("HX-Redirect")) return null;
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = document.createDocumentFragment();
  content.append(...body.childNodes);
  return content;
}

/* A stretch's pictures are known while it is empty, so that Shift takes them as well. */
export function namesIn(stretch) {
  const tiles = [...stretch.querySelectorAll(".tile")].filter((tile) => !tile.closest("[hidden]"));
  return tiles.map((tile) => tile.id.replace("tile-", "")).join(",");
}
