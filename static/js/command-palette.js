/* <command-palette><dialog>: Ctrl K finds a page, a tool, something to do with the selection, or a search made before. The input is a combobox: the
   arrows move through what is found, Enter does it. What is done with pictures comes from the table of their keys. */
import { icon, isSo, offered, shownKey } from "./picture-table.js";

const RECENT = "atelier-searches"; // in this browser, for this session's person only
const MOST_RECENT = 8;

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.remember();
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick);
    this.input.addEventListener("input", () => this.show());
    this.input.addEventListener("keydown", this.onWalk);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick);
  }

  get acts() {
    return document.querySelector("picture-acts");
  }

  onClick = (event) => {
    if (event.target.closest("[data-open-palette]")) this.open();
  };

  onKey = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.open();
    }
  };

  /* Searches stand in the gallery's address, so that is where they are read. */
  remember() {
    const words = new URLSearchParams(location.search).get("q");
    if (!words || !location.pathname.startsWith(this.dataset.gallery)) return;
    const before = this.recent.filter((each) => each.search !== location.search);
    sessionStorage.setItem(RECENT, JSON.stringify([{ words, search: location.search }, ...before].slice(0, MOST_RECENT)));
  }

  get recent() {
    try {
      return JSON.parse(sessionStorage.getItem(RECENT)) ?? [];
    } catch {
      return [];
    }
  }

  open() {
    if (this.dialog.open) return;
    // What it is about is what has the focus now, before the palette takes it.
    this.target = this.acts?.target ?? { ids: [] };
    this.commands = [...this.doings(), ...this.places(), ...this.searches()];
    this.input.value = "";
    this.dialog.showModal();
    this.show();
  }

  doings() {
    const { acts, target } = this;
    if (!acts || !target.ids.length) return [];
    const about = target.count > 1 ? (target.count === Infinity ? "all that match" : `${target.count} pictures`) : "this picture";
    const marks = acts.marks(target.ids);
    const some = offered(acts.may, target.count ?? target.ids.length, marks);
    return some.filter((act) => act.value !== "key" && !act.listed).map((act) => ({
      group: `With ${about}`, text: isSo(act, marks) ? act.other : act.say, icon: act.icon, key: shownKey(act), run: () => acts.run(act, target),
    })).concat(some.filter((act) => act.value === "key").flatMap((act) => act.keys.map((key) => ({
      group: `With ${about}`, text: `${act.say} ${key} ${key === "1" ? "star" : "stars"}`, icon: act.icon, key, run: () => acts.run(act, target, key),
    }))));
  }

  places() {
    return [...this.querySelectorAll("[data-places] a")].map((link) => ({
      group: link.dataset.group, text: link.textContent, icon: link.dataset.icon, key: link.dataset.key, run: () => location.assign(link.href),
    }));
  }

  searches() {
    return this.recent.map(({ words, search }) => ({ group: "Recent searches", text: words, icon: "history", run: () => location.assign(this.dataset.gallery + search) }));
  }

  show() {
    const typed = this.input.value.trim().toLowerCase();
    const found = this.commands.filter(({ text, group }) => typed.split(/\s+/).every((word) => `${group} ${text}`.toLowerCase().includes(word)));
    if (typed) found.push({ group: "Search", text: `Pictures with “${this.input.value.trim()}”`, icon: "search", run: () => location.assign(`${this.dataset.gallery}?q=${encodeURIComponent(this.input.value.trim())}`) });
    this.found = found;
    let group = "";
    this.list.replaceChildren(...found.flatMap((command, at) => {
      const heading = command.group === group ? [] : [this.heading((group = command.group))];
      return [...heading, this.option(command, at)];
    }));
    this.choose(0);
  }

  heading(text) {
    const heading = Object.assign(document.createElement("div"), { className: "menu__label", textContent: text });
    heading.setAttribute("role", "presentation");
    return heading;
  }

  option(command, at) {
    const option = Object.assign(document.createElement("div"), { className: "menu__item", id: `command-${at}` });
    option.setAttribute("role", "option");
    option.append(icon(this.dataset.icons, command.icon), Object.assign(document.createElement("span"), { textContent: command.text }));
    if (command.key) option.append(Object.assign(document.createElement("kbd"), { textContent: command.key }));
    option.addEventListener("click", () => this.run(command));
    return option;
  }

  choose(at) {
    this.at = this.found.length ? (at + this.found.length) % this.found.length : -1;
    for (const option of this.list.querySelectorAll("[role=option]")) option.setAttribute("aria-selected", String(option.id === `command-${this.at}`));
    this.input.setAttribute("aria-activedescendant", this.at < 0 ? "" : `command-${this.at}`);
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  onWalk = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose(this.at + step);
    else if (event.key === "Enter" && this.at >= 0) this.run(this.found[this.at]);
    else return;
    event.preventDefault();
  };

  run(command) {
    this.dialog.close();
    command.run();
  }
}
customElements.define("command-palette", CommandPalette);
