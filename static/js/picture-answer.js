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
  }
}

function swap(old, part) {
  const focused = [...old.querySelectorAll(STOPS)].indexOf(document.activeElement);
  const open = old.querySelector("details")?.open;
  old.replaceWith(part);
  if (open) part.querySelector("details")?.setAttribute("open", "");
  if (focused >= 0) [...part.querySelectorAll(STOPS)].at(focused)?.focus({ preventScroll: true });
}
