/* <seed-lock><input type="number"><button data-roll><button data-clear></seed-lock>: an empty seed means a new
   one each time; `roll` writes a random one into the real input, `clear` empties it. */
class SeedLock extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-roll]")) this.set(crypto.getRandomValues(new Uint32Array(1))[0]);
      if (event.target.closest("[data-clear]")) this.set("");
    });
  }

  set(value) {
    const input = this.querySelector("input");
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
customElements.define("seed-lock", SeedLock);
