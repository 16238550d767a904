/* <close-button><button></close-button>: closes the dialog or popover around it. */
class CloseButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => {
      this.closest("dialog")?.close();
      this.closest("[popover]")?.hidePopover();
    });
  }
}
customElements.define("close-button", CloseButton);
