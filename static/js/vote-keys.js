/* <vote-keys>: a key is a press of the button that names it in data-key. */
class VoteKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.onKey);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.querySelector("dialog[open], :popover-open") || event.target.closest("input, textarea, select, a")) return;
    // Space on a button that has the focus presses that one, as everywhere.
    if (event.key === " " && event.target.closest("button")) return;
    const button = [...this.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
    if (!button) return;
    event.preventDefault();
    button.click();
  };
}
customElements.define("vote-keys", VoteKeys);
