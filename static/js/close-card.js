/* <close-card><button></close-card>: takes the notice around it away. */
class CloseCard extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.closest("section").remove());
  }
}
customElements.define("close-card", CloseCard);
