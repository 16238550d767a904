/* <prompt-history data-url="/create/history/">: one's earlier prompts. A press on one in the list puts it into the prompt; Alt+Up and
   Alt+Down in the prompt walk through them, and the last step down is what was typed before. Undo brings that back too. */
class PromptHistory extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.prompt = this.form.querySelector("[data-prompt]");
    this.prompt.addEventListener("keydown", this.onKey);
    this.prompt.addEventListener("input", this.onInput);
    this.form.addEventListener("submit", this.forget);
    this.addEventListener("click", this.onClick);
    this.addEventListener("keydown", this.onSearchKey);
  }

  disconnectedCallback() {
    this.prompt.removeEventListener("keydown", this.onKey);
    this.prompt.removeEventListener("input", this.onInput);
    this.form.removeEventListener("submit", this.forget);
  }

  // What is typed begins a walk of its own.
  onInput = () => {
    if (!this.putting) this.forget();
  };

  forget = () => {
    this.walk = null;
    this.querySelector("[data-note]").hidden = true;
  };

  onKey = (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.step(step);
  };

  async step(by) {
    this.walk ??= { at: 0, prompts: this.load(this.prompt.value) };
    const { walk } = this;
    const prompts = await walk.prompts;
    if (walk !== this.walk) return; // typed meanwhile
    walk.at = Math.min(Math.max(walk.at + by, 0), prompts.length - 1);
    this.put(prompts[walk.at], prompts[0]);
    if (prompts.length === 1) this.say("There is no earlier prompt yet.");
    else if (walk.at) this.say(`Earlier prompt ${walk.at} of ${prompts.length - 1}.`);
    this.querySelector("[data-note]").hidden = walk.at === 0 && prompts.length > 1;
  }

  // What is in the prompt now, and then the others from new to old.
  async load(typed) {
    const answer = await fetch(this.dataset.url, { headers: { "HX-Request": "true", "X-Workspace": document.body.dataset.workspace } });
    const list = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    const earlier = [...list.querySelectorAll("[data-put]")].map((each) => each.textContent);
    return [typed, ...earlier.filter((each) => each !== typed.trim())];
  }

  onClick = (event) => {
    const chosen = event.target.closest("[data-put]");
    if (chosen) {
      const before = this.prompt.value;
      this.walk = null;
      this.querySelector("[popover]").hidePopover();
      this.put(chosen.textContent, before);
      this.say("An earlier prompt stands in place of what was typed.");
      this.prompt.focus();
    } else if (event.target.closest("[data-back]")) {
      this.put(this.before, this.before);
      this.forget();
      this.prompt.focus();
    }
  };

  onSearchKey = (event) => {
    const items = [...this.querySelectorAll("[data-put]")];
    const at = items.indexOf(event.target);
    const to = { ArrowDown: items[at + 1], ArrowUp: at > 0 ? items[at - 1] : this.querySelector("[type=search]") }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  };

  put(text, before) {
    this.before = before;
    this.putting = true;
    this.prompt.value = text;
    this.prompt.dispatchEvent(new Event("input", { bubbles: true }));
    this.putting = false;
  }

  say(text) {
    this.querySelector("[data-say]").textContent = text;
    this.querySelector("[data-note]").hidden = false;
  }
}
customElements.define("prompt-history", PromptHistory);
