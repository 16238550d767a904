/* What somebody types stays theirs: an answer that redraws the field they are in was asked for before, so it leaves their text
   and their caret alone. And what they have just left counts: an answer to what stood there before is not shown any more. */
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
document.addEventListener("change", ({ target }) => {
  target.closest("[hx-trigger^='change']")?.dispatchEvent(new CustomEvent("htmx:abort", { bubbles: true, detail: {} }));
});
