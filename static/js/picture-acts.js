/* <picture-acts data-url data-undo data-may="look judge make" [data-picture="id"]>: what is done with pictures, by key, button or menu. What a press
   is about: the picture in the lightbox; else what is selected; else the picture that has the focus; else the page's own. The answer
   brings the marks of each picture, which take the place of those that are there. */
import { collectionHere, lookAgain } from "./collection-page.js";
import { leads, place, sent } from "./picture-answer.js";
import { follow, pressed } from "./picture-follow.js";
import { compare, send } from "./picture-send.js";
import { ACTS, actFor, isSo } from "./picture-table.js";
import { inLightbox, inTurn, isCovered, stillMeant } from "./picture-turns.js";

const MOST_LEAVING = 1000; // names that a browser still sends for a page that is left
const ELSEWHERE = ["list", "zoom", "compare-view"];
const TYPES = "input:not([type=range], [type=checkbox], [type=radio], [type=hidden]), textarea, select, [contenteditable]";

export class PictureActs extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.gone = new AbortController();
    const { signal } = this.gone;
    document.addEventListener("keydown", this.onKey, { signal });
    document.addEventListener("click", this.onClick, { signal });
    document.addEventListener("submit", this.onSubmit, { signal });
    document.addEventListener("undo", () => this.undo(), { signal });
    follow(this);
    document.addEventListener("act", ({ detail }) => this.run(ACTS.find((act) => act.id === detail)), { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  may = this.dataset.may.split(" ");
  here = { "X-Workspace": document.body.dataset.workspace }; // a tab that was left open acts where it was opened

  get selection() {
    return document.querySelector("picture-selection");
  }

  /* {ids} or {ids, search}: the second means everything that the search matches. */
  get target() {
    const [large, { selection }] = [inLightbox(), this];
    if (large) return { ids: [large] };
    if (selection?.count) return selection.target;
    const focused = document.activeElement?.closest?.(".tile")?.id.replace("tile-", "") ?? this.dataset.picture;
    return { ids: focused ? [focused] : [] };
  }

  marks(ids) {
    return ids.map((id) => document.getElementById(`marks-${id}`)).filter(Boolean);
  }

  onKey = (event) => {
    const act = actFor(event);
    if (!act || ELSEWHERE.includes(act.by) || event.defaultPrevented || event.repeat || event.target.matches?.(TYPES) || isCovered()) return;
    // In the editor the same letters are its tools' and its candidates'.
    if (!inLightbox() && document.querySelector(".editor--tools, candidate-view")) return;
    if (this.run(act, this.target, event.key)) event.preventDefault();
  };

  /* Do one of the table's acts; whether there was anything to do. */
  run(act, target = this.target, key = act.keys[0]) {
    if (!this.may.includes(act.may ?? "look")) return false;
    if (act.by === "undo") return this.undo();
    if (act.by === "selection") return Boolean(this.selection?.press(act.id));
    if (!target.ids.length) return false;
    if (act.by === "menu") return Boolean(document.querySelector("picture-menu")?.openAt(document.activeElement === document.body ? document.getElementById("main") : document.activeElement));
    if (act.by === "tags") return this.askForTags(target);
    if (act.by === "go") return !this.isItsPage(target) && this.next(() => location.assign(this.dataset.page.replace("ID", target.ids[0])));
    if (act.by === "order") return Boolean(document.querySelector("collection-order")?.act(act.id, target.ids[0]));
    if (act.by === "collect") return document.dispatchEvent(new CustomEvent("collect", { detail: { assets: target.ids, search: target.search } }));
    if (act.by === "send") return this.next(() => send(this.form, this.dataset[act.to], target));
    if (act.by === "compare") return this.next(() => compare(this.dataset.compare, target));
    if (act.inside && !collectionHere()) return false;
    const value = { key, collection: collectionHere() }[act.value] ?? act.value;
    return this.next(() => {
      const meant = stillMeant(target, this.target);
      if (!meant.ids.length && meant.search === undefined) return undefined;
      const verb = isSo(act, this.marks(meant.ids)) ? act.undoes : act.does;
      return this.post(this.dataset.url, { do: value ? `${verb} ${value}` : verb }, meant);
    });
  }

  isItsPage({ ids }) {
    return ids.length === 1 && ids[0] === this.dataset.picture;
  }

  next(work) {
    inTurn(work);
    return true;
  }

  undo() {
    return this.next(() => this.post(this.dataset.undo, {}, { ids: [] }));
  }

  askForTags(target) {
    this.tagging = target;
    const dialog = document.getElementById("tag-dialog");
    dialog.querySelector("h2").textContent = target.count > 1 ? `Tags for ${target.count.toLocaleString("en")} pictures` : "Tags";
    dialog.querySelector("form").reset();
    dialog.showModal();
    return true;
  }

  onClick = (event) => {
    const button = event.target.closest?.("[data-do]");
    const id = button?.closest(".tile")?.id.replace("tile-", "");
    if (id) this.run(ACTS.find((act) => act.id === button.dataset.do), { ids: [id] });
  };

  onSubmit = (event) => {
    const form = event.target;
    if (!form.matches("form[data-act], form[data-tags]")) return;
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form, event.submitter));
    const target = form.matches("[data-tags]") ? this.tagging : { ids: (given.assets ?? "").split(",").filter(Boolean) };
    form.closest("dialog:not(#lightbox)")?.close();
    sent(form);
    inTurn(() => this.post(form.getAttribute("action"), { do: given.do, value: given.value, action: given.action }, target));
  };

  async post(url, values, target) {
    const body = new FormData(this.form);
    const { search, ids } = target;
    // Every page that shows one picture gets it anew: the lightbox, the panel, the picture's own page.
    const shown = inLightbox() ?? document.querySelector("[id^=judge-]")?.id.replace("judge-", "");
    const all = search === undefined ? { assets: ids.join(",") } : { all: "1", search };
    for (const [name, value] of Object.entries({ ...values, ...all, shown })) if (value !== undefined) body.set(name, value);
    try {
      await this.take(await fetch(url, { method: "POST", body, keepalive: ids.length < MOST_LEAVING, headers: { "HX-Request": "true", "HX-Current-URL": location.href, ...this.here } }), url === this.dataset.undo || values.do?.startsWith("uncollect"));
    } catch {
      this.toast({ text: "The studio did not answer.", note: "Nothing may have changed. Press again.", state: "failed" });
    }
  }

  async take(response, moved) {
    if (leads(response.headers)) return;
    pressed();
    const { toast } = JSON.parse(response.headers.get("HX-Trigger") ?? "{}");
    if (toast) this.toast(toast);
    else if (!response.ok) this.toast({ text: "That did not work.", note: "Reload the page and try again.", state: "failed" });
    if (response.ok) place(await response.text());
    if (response.ok && toast) await lookAgain(this.selection, { moved });
    document.dispatchEvent(new CustomEvent("pictures-changed"));
  }

  toast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
}
customElements.define("picture-acts", PictureActs);
