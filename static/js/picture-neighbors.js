/* <picture-neighbors><a data-step="-1"><a data-step="1"></picture-neighbors>: on a picture's page, the ways to the one before and after it in the list one
   came from, which the page with the list leaves behind. The arrows and a finger go there as well, and D downloads. */
const KEPT = "atelier-list"; // of this tab
const TYPES = "input, textarea, select, [contenteditable], zoom-view[data-large], before-after *";

addEventListener("pagehide", () => {
  const hits = document.querySelector("picture-list")?.hits;
  if (hits?.length) sessionStorage.setItem(KEPT, JSON.stringify(hits.map((hit) => hit.getAttribute("href"))));
});

class PictureNeighbors extends HTMLElement {
  connectedCallback() {
    const pages = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    const here = pages.indexOf(location.pathname);
    for (const link of this.querySelectorAll("a")) {
      const to = here < 0 ? undefined : pages[here + Number(link.dataset.step)];
      link.hidden = !to;
      if (to) link.href = to;
    }
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("swiped", this.onSwipe);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("swiped", this.onSwipe);
  }

  onKey = (event) => {
    const step = { ArrowLeft: "-1", ArrowRight: "1", d: "d", D: "d" }[event.key];
    if (!step || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPES)) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (step === "d") return event.repeat || document.querySelector(".topbar [data-download]")?.click();
    this.go(step);
  };

  onSwipe = ({ detail }) => {
    if (!document.querySelector("dialog[open], :popover-open")) this.go(detail);
  };

  go(step) {
    this.querySelector(`a[data-step="${step}"]:not([hidden])`)?.click();
  }
}
customElements.define("picture-neighbors", PictureNeighbors);
