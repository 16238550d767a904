/* <candidate-view id="candidate" data-tile="id" [data-say]>: one candidate over the picture it was made from. A, X and U press the
   button that has the key, N and P turn to the next and the one before in the list, which also closes this. The keys work while
   it is shown, nothing that takes text has the focus, and nothing lies over the page. */
const TYPES = "textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])";

class CandidateView extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("click", this.onClick);
    // Not at the first look at a page: what it begins with is not taken from the person.
    if (document.readyState === "complete") queueMicrotask(this.arrive);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  get list() {
    return document.querySelector("picture-list[data-shows=candidate]");
  }

  get hits() {
    return this.list.hits.filter((hit) => hit.dataset.candidate);
  }

  arrive = () => {
    const { tile, say } = this.dataset;
    htmx.process(this); // at once: a quick key would find a form that nobody listens to
    if (say) document.getElementById("announce").textContent = say;
    const before = this.list.selectedHit;
    this.list.selected = tile ?? null;
    this.list.mark();
    // The slider takes the focus, which a key held too long can't harm; without one, the picture that was looked at.
    if (this.hidden) before?.focus({ preventScroll: true });
    else (this.querySelector("input[type=range]") ?? this.querySelector("[data-close-panel]")).focus({ preventScroll: true });
  };

  onClick = (event) => {
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step) this.turn(Number(step));
  };

  turn(by) {
    const { hits } = this;
    const here = hits.findIndex((hit) => hit.closest(".tile").id === this.dataset.tile);
    if (hits.length > 1) this.list.select(hits[(here + by + hits.length) % hits.length]);
  }

  onKey = (event) => {
    const { key, target } = event;
    if (this.hidden || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (target.matches(TYPES) || document.querySelector("dialog[open], :popover-open")) return;
    const button = /^[a-z]$/i.test(key) && this.querySelector(`[aria-keyshortcuts="${key.toUpperCase()}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  };
}
customElements.define("candidate-view", CandidateView);
