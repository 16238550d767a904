/* <tag-field data-url><input list="tag-list"></tag-field>: proposes tags that exist while one types. */
const WAIT = 200; // milliseconds without a key

class TagField extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT);
    });
    this.addEventListener("focusin", () => this.ask(), { once: true });
  }

  async ask() {
    const typed = this.querySelector("input").value;
    const answer = await fetch(`${this.dataset.url}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true", "X-Workspace": document.body.dataset.workspace } }).catch(() => null);
    if (!answer?.ok) return;
    const list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("datalist");
    // What is written before the last comma goes before each proposal: that is how a list of several is filled in.
    const before = typed.includes(",") ? `${typed.slice(0, typed.lastIndexOf(",")).trim()}, ` : "";
    for (const option of list.options) option.setAttribute("value", before + option.value);
    document.getElementById("tag-list")?.remove();
    document.body.append(list);
  }
}
customElements.define("tag-field", TagField);
