/* What comes back when something was done with pictures: each part takes the place of the one of the same name, and a notice of work under way
   goes to the others. Who was typing in a part, or had it open, goes on there. */
const STOPS = "button, input, textarea, summary";

/* `gently`: it was not pressed here. */
export function place(html, { gently = false } = {}) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const part of [...body.children]) {
    const there = document.querySelectorAll(`[id="${CSS.escape(part.id)}"]`);
    for (const old of there) if (!isSame(old, part) && !(gently && isBeingTyped(old))) swap(old, part.cloneNode(true));
    // What was taken back is told by what took it back.
    if (part.dataset.undoes) document.getElementById(part.dataset.undoes)?.remove();
    if (!there.length && part.matches(".doing")) document.getElementById("doings")?.append(part);
    const now = document.getElementById(part.id);
    if (now) htmx.process(now);
    if (now?.matches(".tile__mark--made")) leave(now, gently);
  }
}

/* But for the tokens of its forms, which are never the same. */
function isSame(old, part) {
  const [one, other] = [old, part].map((each) => each.cloneNode(true));
  for (const token of [one, other].flatMap((each) => [...each.querySelectorAll("[name=csrfmiddlewaretoken]")])) token.remove();
  return one.isEqualNode(other);
}

function isBeingTyped(part) {
  if (part.querySelector("details[open] textarea")) return true;
  return [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((each) => each === document.activeElement || each.value !== each.defaultValue);
}

/* What was thrown away leaves its place in a grid, and comes back when that is undone; in the trash it is the other way around. What was
   rejected leaves a collection, where the others stay for good. Who was
   there goes on with the next one; who looks at it while somebody else throws it away goes on looking. */
function leave(mark, gently) {
  const here = mark.closest(".grid > li");
  if (!here) return;
  const shelf = new URLSearchParams(location.search).get("shown");
  const isTrash = here.closest(".grid--bin") || shelf === "trash";
  const isAside = here.closest("collection-order") && (mark.dataset.decision === "discarded") !== (shelf === "discarded");
  const gone = isAside || mark.dataset.state === (isTrash ? "stored" : "trashed");
  const light = document.querySelector("light-box");
  const isLooked = light?.dialog.open && here.contains(light.hit);
  if (gone && gently && isLooked) return;
  const hits = here.closest("picture-list")?.hits ?? [];
  const at = hits.indexOf(here.querySelector(".tile__hit"));
  const next = hits[at + 1] ?? hits[at - 1];
  if (gone && here.contains(document.activeElement)) next?.focus();
  if (gone && isLooked) next ? light.show(next) : light.dialog.close();
  here.hidden = gone;
}

/* Its words are on their way: what is typed from now on comes on top, and a tag's field is free for the next one. */
export function sent(form) {
  for (const field of form.querySelectorAll("input:not([type=hidden]), textarea")) {
    if (field.closest("tag-field")) field.value = "";
    field.defaultValue = field.value;
  }
}

/* What is typed and not sent yet stands in the new part as well. */
function carry(old, part) {
  const fields = "input:not([type=hidden]), textarea";
  const there = [...part.querySelectorAll(fields)];
  for (const [at, field] of [...old.querySelectorAll(fields)].entries()) {
    const now = there[at]?.form?.ariaLabel === field.form?.ariaLabel && there[at]?.name === field.name ? there[at] : null;
    if (!now || field.value === field.defaultValue) continue;
    now.value = field.value;
    if (field === document.activeElement && field.selectionStart !== null) queueMicrotask(() => now.setSelectionRange(field.selectionStart, field.selectionEnd));
  }
}

function swap(old, part) {
  const focused = [...old.querySelectorAll(STOPS)].indexOf(document.activeElement);
  const open = old.querySelector("details")?.open;
  carry(old, part);
  old.replaceWith(part);
  if (open) part.querySelector("details")?.setAttribute("open", "");
  if (focused >= 0) [...part.querySelectorAll(STOPS)].at(focused)?.focus({ preventScroll: true });
}

/* Whether an answer leads to another page, or to this one anew. */
export function leads(headers) {
  const away = headers.get("HX-Redirect");
  if (away) location.assign(away);
  else if (headers.has("HX-Refresh")) location.reload();
  return Boolean(away) || headers.has("HX-Refresh");
}
