/* <seen-once><form>: posts its form once the page is looked at. Programs that only fetch a link's preview run no scripts,
   so they don't count as somebody who looked. */
class SeenOnce extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
  }
}
customElements.define("seen-once", SeenOnce);
