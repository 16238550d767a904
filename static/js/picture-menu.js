/* <picture-menu>: the one menu of what can be done with pictures: by a right click, a long press, the key M, or a button [data-menu]. Arrows, Home
   and End walk in it, Esc and Tab leave it, a letter that is an act's key does that act. */
import { actFor, icon, isSo, offered, shownKey } from "./picture-table.js";

const LONG = 550; // milliseconds
const EDGE = 8; // pixels to the window's edge

class PictureMenu extends HTMLElement {
  connectedCallback() {
    this.menu ??= this.querySelector("[role=menu]");
    this.gone = new AbortController();
    const { signal } = this.gone;
    document.addEventListener("contextmenu", this.onContext, { signal });
    document.addEventListener("click", this.onLift, { signal, capture: true });
    document.addEventListener("click", this.onClick, { signal });
    document.addEventListener("pointerdown", this.onDown, { signal });
    for (const name of ["pointerup", "pointermove", "pointercancel"]) document.addEventListener(name, this.onLeave, { signal });
    this.menu.addEventListener("keydown", this.onKey, { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  get acts() {
    return document.querySelector("picture-acts");
  }

  /* What a place on the page is about: a selected picture means the selection. */
  targetAt(place) {
    const id = place.closest?.(".tile")?.id.replace("tile-", "");
    const { selection } = this.acts;
    return id && !(selection?.count && selection.ids.has(id)) ? { ids: [id] } : this.acts.target;
  }

  onContext = (event) => {
    const place = event.target.closest?.("picture-list .tile, .lightbox__stage, .editor__fit");
    if (!place || event.shiftKey || !this.targetAt(place).ids.length) return; // with Shift it is the browser's own
    event.preventDefault();
    this.open(place.querySelector(".tile__hit") ?? document.activeElement, this.targetAt(place), event.clientX, event.clientY);
  };

  /* The finger whose press opened the menu lies on one of its acts when it lifts: that is no choice. */
  onLift = (event) => {
    if (!this.lifts) return;
    this.lifts = false;
    event.preventDefault();
    event.stopPropagation();
  };

  onClick = (event) => {
    const button = event.target.closest?.("[data-menu]");
    if (button) this.openAt(button);
  };

  openAt(place, target = this.targetAt(place)) {
    const { left, bottom } = place.getBoundingClientRect();
    this.open(place, target, left, bottom);
    return true;
  }

  open(opener, target, x, y) {
    if (!target.ids.length) return;
    // A modal dialog lets nothing outside of itself be pressed.
    this.home ??= this.parentElement;
    const host = document.querySelector("dialog[open]") ?? this.home;
    if (this.parentElement !== host) host.append(this);
    Object.assign(this, { opener, target, lifts: this.isDown });
    const marks = this.acts.marks(target.ids);
    const is = (act) => act.unless && target.search === undefined && isSo({ is: act.unless }, marks);
    const isHere = (act) => act.by !== "go" || !this.acts.isItsPage(target);
    const isListed = (act) => !act.listed || opener?.matches?.("picture-list .tile__hit");
    const acts = offered(this.acts.may, target.count ?? target.ids.length, marks).filter((act) => !is(act) && isHere(act) && isListed(act));
    const items = acts.flatMap((act) => this.items(act, isSo(act, marks)));
    this.menu.replaceChildren(...items);
    this.menu.showPopover();
    const { offsetWidth, offsetHeight } = this.menu;
    this.menu.style.left = `${Math.max(EDGE, Math.min(x, innerWidth - offsetWidth - EDGE))}px`;
    this.menu.style.top = `${Math.max(EDGE, Math.min(y, innerHeight - offsetHeight - EDGE))}px`;
    items[0]?.focus();
  }

  items(act, so) {
    if (act.value !== "key") return [this.item(act, so ? act.other : act.say, shownKey(act).split(", ")[0], act.keys[0])];
    return act.keys.map((key) => this.item(act, `${act.say} ${key} ${key === "1" ? "star" : "stars"}`, key, key));
  }

  item(act, text, shown, key) {
    const item = document.createElement("button");
    Object.assign(item, { type: "button", className: "menu__item", tabIndex: -1 });
    item.setAttribute("role", "menuitem");
    if (act.id === "trash") item.classList.add("menu__item--bad");
    const label = Object.assign(document.createElement("span"), { textContent: text });
    item.append(icon(this.acts.dataset.icons, act.icon), label, Object.assign(document.createElement("kbd"), { textContent: shown }));
    item.addEventListener("click", () => this.choose(act, key));
    return item;
  }

  choose(act, key) {
    this.close();
    this.acts.run(act, this.target, key);
  }

  close() {
    if (!this.menu.matches(":popover-open")) return;
    this.menu.hidePopover();
    this.opener?.focus?.({ preventScroll: true });
  }

  onKey = (event) => {
    const items = [...this.menu.children];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    const act = actFor(event);
    if (to !== undefined) items.at(to % items.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (event.key === "Enter" || event.key === " ") document.activeElement.click();
    else if (act?.icon) this.choose(act, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  onDown = (event) => {
    Object.assign(this, { isDown: event.pointerType === "touch", lifts: false });
    if (!this.contains(event.target)) this.close();
    const tile = event.pointerType === "touch" && event.target.closest?.("picture-list .tile");
    if (tile) this.pressed = { timer: setTimeout(() => this.long(tile, event), LONG), x: event.clientX, y: event.clientY };
  };

  onLeave = (event) => {
    const { pressed } = this;
    if (event.type !== "pointermove") this.isDown = false;
    const moved = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > EDGE;
    if (pressed && (event.type !== "pointermove" || moved)) clearTimeout(pressed.timer);
  };

  long(tile, event) {
    if (!this.menu.matches(":popover-open")) this.open(tile.querySelector(".tile__hit"), this.targetAt(tile), event.clientX, event.clientY);
  }
}
customElements.define("picture-menu", PictureMenu);
