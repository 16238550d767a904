/* <collection-order data-move data-remove data-cover>: pictures of a collection, to be put in order. A picture is dragged to its
   place, or moved with Alt and the arrows or by its menu; Delete takes it out of the collection. The page shows it at once and the server
   is told; when it refuses, the page is fetched anew. */
import { inTurn } from "./picture-turns.js";

class CollectionOrder extends HTMLElement {
  sent = 0; // changes of the order that were made here

  connectedCallback() {
    if (!this.dataset.move) return;
    this.token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    const at = { keydown: this.onKey, dragstart: this.onStart, dragover: this.onOver, drop: this.onDrop, dragend: this.rest };
    for (const [name, does] of Object.entries(at)) this.addEventListener(name, does, { capture: name === "keydown" });
  }

  item(from) {
    return from.closest?.("li[data-item]");
  }

  onKey = (event) => {
    const item = this.item(event.target);
    if (!item || event.ctrlKey || event.metaKey) return;
    const by = event.altKey && { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }[event.key];
    if (by) this.step(item, by);
    else if (event.key === "Delete" && !event.altKey) this.takeOut(item);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  get items() {
    return [...this.querySelectorAll("li[data-item]")];
  }

  get columns() {
    const { items } = this;
    const top = items[0]?.offsetTop;
    return Math.max(1, items.findIndex((item) => item.offsetTop !== top));
  }

  async step(item, by) {
    const { items } = this;
    const to = Math.max(0, Math.min(items.length - 1, items.indexOf(item) + by));
    const over = items[to];
    if (over === item) return;
    if (by < 0) over.before(item);
    else over.after(item);
    item.querySelector(".tile__hit").focus();
    this.say(`Now number ${to + 1}`);
    await this.send(this.dataset.move, { asset: item.dataset.item, by });
  }

  /* From the menu, which a finger has as well. */
  async act(what, id) {
    const { items } = this;
    const item = items.find((each) => each.dataset.item === id);
    if (!item) return;
    if (what === "cover" && (await this.send(this.dataset.cover, { asset: id })))
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: "It is the cover of this collection now." } }));
    if (what === "first" && item !== items[0]) {
      items[0].before(item);
      await this.send(this.dataset.move, { asset: id, before: items[0].dataset.item });
    }
    if (what === "earlier" || what === "later") await this.step(item, what === "earlier" ? -1 : 1);
  }

  onStart = (event) => {
    this.dragged = this.item(event.target);
    this.dragged?.toggleAttribute("data-dragged", true);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "all";
  };

  onOver = (event) => {
    if (!this.dragged) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    this.mark(this.target(event));
  };

  // The picture in front of which it would lie; null is the end.
  target(event) {
    const over = this.item(event.target);
    if (!over) return this.before ?? null;
    const box = over.getBoundingClientRect();
    return event.clientX > box.left + box.width / 2 ? over.nextElementSibling : over;
  }

  mark(before) {
    for (const item of this.items) item.toggleAttribute("data-before", item === before && item !== this.dragged);
    this.before = before?.dataset.item ? before : null;
  }

  onDrop = async (event) => {
    if (!this.dragged) return;
    event.preventDefault();
    const { dragged, before } = this;
    this.rest();
    if (before === dragged) return;
    if (before) before.before(dragged);
    else this.items.at(-1).after(dragged);
    const next = dragged.nextElementSibling?.dataset.item ?? "";
    await this.send(this.dataset.move, { asset: dragged.dataset.item, before: next });
  };

  rest = () => {
    this.dragged?.toggleAttribute("data-dragged", false);
    for (const item of this.items) item.toggleAttribute("data-before", false);
    this.dragged = null;
  };

  async takeOut(item) {
    // What is selected goes out as one, and can be undone as one.
    if (document.querySelector("picture-selection")?.count) {
      document.dispatchEvent(new CustomEvent("act", { detail: "uncollect" }));
      return;
    }
    const { items } = this;
    const next = items[items.indexOf(item) + 1] ?? items[items.indexOf(item) - 1];
    item.remove();
    next?.querySelector(".tile__hit").focus();
    this.say("Taken out of the collection");
    if (!(await this.send(this.dataset.remove, { asset: item.dataset.item }))) return;
    const detail = { text: "1 picture taken out of the collection.", state: "ok", undo: true };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  }

  // In the order of the presses, with what else is pressed: an undo is about what was done just before it.
  send(url, values) {
    this.sent += 1;
    return inTurn(() => this.post(url, values));
  }

  async post(url, values) {
    const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: this.token });
    const answer = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", "X-Workspace": document.body.dataset.workspace } });
    if (!answer.ok) location.reload();
    return answer.ok;
  }

  say(text) {
    this.querySelector("[data-say]").textContent = text;
  }
}
customElements.define("collection-order", CollectionOrder);
