/* What comes back when something was done with pictures: each part takes the place of the one of the same name, and a notice of work under way
   goes to the others. Who was typing in a part, or had it open, goes on there. */
const STOPS = "button, input, textarea, summary";

export function place(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const part of [...body.children]) {
    const there = document.querySelectorAll(`[id="${CSS.escape(part.id)}"]`);
    for (const old of there) swap(old, part.cloneNode(true));
    if (!there.length && part.matches(".doing")) document.getElementById("doings")?.append(part);
    const now = document.getElementById(part.id);
    if (now) htmx.process(now);
    if (now?.matches(".tile__mark--made")) leave(now);
  }
}

/* What was thrown away leaves its place in a grid, and comes back when that is undone; in the trash it is the other way around. Who was
   there goes on with the next one. */
function leave(mark) {
  const here = mark.closest(".grid > li");
  if (!here) return;
  const isTrash = here.closest(".grid--bin") || new URLSearchParams(location.search).get("shown") === "trash";
  const gone = mark.dataset.state === (isTrash ? "stored" : "trashed");
  const light = document.querySelector("light-box");
  const hits = here.closest("picture-list")?.hits ?? [];
  const at = hits.indexOf(here.querySelector(".tile__hit"));
  const next = hits[at + 1] ?? hits[at - 1];
  if (gone && here.contains(document.activeElement)) next?.focus();
  if (gone && light?.dialog.open && here.contains(light.hit)) next ? light.show(next) : light.dialog.close();
  here.hidden = gone;
}

function swap(old, part) {
  const focused = [...old.querySelectorAll(STOPS)].indexOf(document.activeElement);
  const open = old.querySelector("details")?.open;
  old.replaceWith(part);
  if (open) part.querySelector("details")?.setAttribute("open", "");
  if (focused >= 0) [...part.querySelectorAll(STOPS)].at(focused)?.focus({ preventScroll: true });
}
