/* <asset-drop data-url="/edit/ID/image-to-image/?with=draft" data-form="composer" data-draft="…">: stands in an element that takes pictures of
   the studio. While one is dragged, from this window or another, it shows what a drop would do; a drop goes on with that
   picture as the input, nothing is uploaded. What is typed in the form is kept first, and goes with it. */
const ASSET = "application/x-atelier-asset"; // set by <picture-list>

class AssetDrop extends HTMLElement {
  connectedCallback() {
    this.zone = this.parentElement;
    this.gone = new AbortController();
    const { signal } = this.gone;
    for (const name of ["dragenter", "dragover"]) this.zone.addEventListener(name, this.onOver, { signal });
    this.zone.addEventListener("dragleave", this.onLeave, { signal });
    this.zone.addEventListener("drop", this.onDrop, { signal });
    document.addEventListener("dragstart", (event) => this.toggleAttribute("data-ready", this.brings(event)), { signal });
    document.addEventListener("dragend", this.rest, { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  rest = () => {
    this.toggleAttribute("data-ready", false);
    this.toggleAttribute("data-over", false);
  };

  brings(event) {
    return [...(event.dataTransfer?.types ?? [])].includes(ASSET);
  }

  onOver = (event) => {
    if (!this.brings(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.toggleAttribute("data-over", true);
  };

  onLeave = (event) => {
    if (!this.zone.contains(event.relatedTarget)) this.toggleAttribute("data-over", false);
  };

  onDrop = async (event) => {
    if (!this.brings(event)) return;
    event.preventDefault();
    const asset = event.dataTransfer.getData(ASSET);
    this.rest();
    const to = this.dataset.url.replace("/ID/", `/${encodeURIComponent(asset)}/`);
    const form = document.getElementById(this.dataset.form);
    const headers = { "X-Workspace": document.body.dataset.workspace };
    if (form) await fetch(this.dataset.draft, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
    location.assign(to);
  };
}
customElements.define("asset-drop", AssetDrop);
