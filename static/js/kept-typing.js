/* What somebody types stays theirs: an answer that redraws the field they are in was asked for before, so it leaves their text
   and their caret alone. And what they do counts: an answer to what stood there before is not shown any more, neither after a
   change nor while a slider, a drag or an arrow key is changing something, since a question follows when that is over. */
const TYPED = "textarea, input:not([type]), input[type=text], input[type=number], input[type=search]";
let kept = null;

document.addEventListener("htmx:beforeSwap", () => {
  const field = document.activeElement;
  kept = field?.matches(TYPED) ? { field, value: field.value, from: field.selectionStart, to: field.selectionEnd } : null;
});

document.addEventListener("htmx:afterSwap", () => {
  if (!kept || kept.field !== document.activeElement || kept.field.value === kept.value) return;
  kept.field.value = kept.value;
  if (kept.from !== null) kept.field.setSelectionRange(kept.from, kept.to);
});

// The next request is sent a moment later; an answer that comes in that moment would undo the change.
function forget({ target }) {
  target.closest("[hx-trigger^='change']")?.dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: {} }));
}
document.addEventListener("change", forget);
document.addEventListener("input", (event) => {
  if (event.target !== document.activeElement || !event.target.matches(TYPED)) forget(event);
});
