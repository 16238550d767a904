/* <fresh-key><input type="hidden" name="key"></fresh-key>: a page that comes back from the browser's memory was sent already;
   it takes a new key, so that pressing the button again is a new run and not the old one. */
class FreshKey extends HTMLElement {
  connectedCallback() {
    addEventListener("pageshow", this.onShow);
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.onShow);
  }

  onShow = (event) => {
    if (event.persisted) this.querySelector("input").value = crypto.randomUUID();
  };
}
customElements.define("fresh-key", FreshKey);
