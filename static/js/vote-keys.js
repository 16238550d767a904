/* <vote-keys>: a key is a press of the button that names it in data-key. One vote for a pair: what is pressed until the next one is there is
   about no pair that was seen. */
class VoteKeys extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.onKey);
    addEventListener("pageshow", this.rest);
    this.addEventListener("submit", this.onSubmit);
  }

  rest = () => {
    this.isSent = false;
  };

  onSubmit = (event) => {
    if (this.isSent) event.preventDefault();
    this.isSent = true;
  };

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    removeEventListener("pageshow", this.rest);
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
