/* <picture-acts data-url data-undo data-may="look judge make" [data-picture="id"]>: what is done with pictures, by key, button or menu. What a press
   is about: the picture in the lightbox; else what is selected; else the picture that has the focus; else the page's own. The answer
   brings the marks of each picture, which take the place of those that are there. */
import { collectionHere, lookAgain } from "./collection-page.js";
import { leads, place } from "./picture-answer.js";
import { follow, lookAtMarks, pressed } from "./picture-follow.js";
import { compare, send } from "./picture-send.js";
import { ACTS, actFor, isSo } from "./picture-table.js";

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
    document.addEventListener("htmx:afterSettle", this.onDone, { signal });
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

  get inLightbox() {
    return document.querySelector("#lightbox[open] #lightbox-content")?.dataset.asset;
  }

  /* {ids} or {ids, search}: the second means everything that the search matches. */
  get target() {
    const { inLightbox, selection } = this;
    if (inLightbox) return { ids: [inLightbox] };
    if (selection?.count) return selection.target;
    const focused = document.activeElement?.closest?.(".tile")?.id.replace("tile-", "") ?? this.dataset.picture;
    return { ids: focused ? [focused] : [] };
  }

  marks(ids) {
    return ids.map((id) => document.getElementById(`marks-${id}`)).filter(Boolean);
  }

  onKey = (event) => {
    const act = actFor(event);
    if (!act || ELSEWHERE.includes(act.by) || event.defaultPrevented || event.repeat || event.target.matches?.(TYPES)) return;
    const over = document.querySelector("dialog[open], :popover-open");
    if (over && over.id !== "lightbox") return;
    // In the editor the same letters are its tools' and its candidates'.
    if (!over && document.querySelector(".editor--tools, candidate-view")) return;
    if (this.run(act, this.target, event.key)) event.preventDefault();
  };

  /* Do one of the table's acts; whether there was anything to do. */
  run(act, target = this.target, key = act.keys[0]) {
    if (!this.may.includes(act.may ?? "look")) return false;
    if (act.by === "undo") return this.undo();
    if (act.by === "selection") return Boolean(this.selection?.press(act.id));
    if (!target.ids.length) return false;
    if (act.by === "menu") return Boolean(document.querySelector("picture-menu")?.openAt(document.activeElement));
    if (act.by === "tags") return this.askForTags(target);
    if (act.by === "order") return Boolean(document.querySelector("collection-order")?.act(act.id, target.ids[0]));
    if (act.by === "go") return Boolean(location.assign(this.dataset.page.replace("ID", target.ids[0]))) || true;
    if (act.by === "collect") return document.dispatchEvent(new CustomEvent("collect", { detail: { assets: target.ids, search: target.search } }));
    if (act.by === "send") return send(this.form, this.dataset[act.to], target);
    if (act.by === "compare") return compare(this.dataset.compare, target);
    if (act.inside && !collectionHere()) return false;
    const verb = isSo(act, this.marks(target.ids)) ? act.undoes : act.does;
    const value = { key, collection: collectionHere() }[act.value] ?? act.value;
    this.post(this.dataset.url, { do: value ? `${verb} ${value}` : verb }, target);
    return true;
  }

  undo() {
    this.post(this.dataset.undo, {}, { ids: [] });
    return true;
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
    this.post(form.getAttribute("action"), { do: given.do, value: given.value, action: given.action }, target);
  };

  async post(url, values, target) {
    const body = new FormData(this.form);
    const { search, ids } = target;
    // Every page that shows one picture gets it anew: the lightbox, the panel, the picture's own page.
    const shown = this.inLightbox ?? document.querySelector("[id^=judge-]")?.id.replace("judge-", "");
    const all = search === undefined ? { assets: ids.join(",") } : { all: "1", search };
    for (const [name, value] of Object.entries({ ...values, ...all, shown })) if (value !== undefined) body.set(name, value);
    try {
      await this.take(await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", "HX-Current-URL": location.href, ...this.here } }));
    } catch {
      this.toast({ text: "The studio did not answer.", note: "Nothing may have changed. Press again.", state: "failed" });
    }
  }

  async take(response) {
    if (leads(response.headers)) return;
    pressed();
    const { toast } = JSON.parse(response.headers.get("HX-Trigger") ?? "{}");
    if (toast) this.toast(toast);
    else if (!response.ok) this.toast({ text: "That did not work.", note: "Reload the page and try again.", state: "failed" });
    if (response.ok) place(await response.text());
    if (response.ok && toast) await lookAgain(this.selection);
    document.dispatchEvent(new CustomEvent("pictures-changed"));
  }

  // Many pictures were worked on in the background: those that are shown are looked at anew.
  onDone = async (event) => {
    if (!event.target.matches?.(".doing:not([hx-trigger])")) return;
    await lookAgain(this.selection);
    await lookAtMarks(this);
  };

  toast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
}
customElements.define("picture-acts", PictureActs);
