const MOST_FILES = 20;
const MOST_BYTES = 48 * 2 ** 20; // of one request; a larger file goes alone

/* <file-drop data-url="/uploads/">: files dropped on it, pasted anywhere on the page, or chosen by its own button go into the
   file input of its upload form, which is then submitted. Nothing is refused here: the server looks at every file and says
   what is wrong with it. Drags that begin on the page itself are left alone. See `create/_upload.html`. */
class FileDrop extends HTMLElement {
  connectedCallback() {
    this.gone = new AbortController();
    const { signal } = this.gone;
    const here = { dragenter: this.onOver, dragover: this.onOver, dragleave: this.onLeave, drop: this.onDrop };
    const sent = { "htmx:beforeSend": this.onSend, "htmx:xhr:progress": this.onProgress, "htmx:afterRequest": this.onAnswer };
    for (const [name, does] of Object.entries({ ...here, change: this.onChange, ...sent })) this.addEventListener(name, does, { signal });
    document.addEventListener("paste", this.onPaste, { signal });
    document.addEventListener("dragstart", () => (this.inside = true), { signal });
    for (const name of ["dragend", "drop"]) document.addEventListener(name, () => (this.inside = false), { signal });
  }

  disconnectedCallback() {
    this.gone.abort();
  }

  get form() {
    return this.querySelector(`form[action="${CSS.escape(this.dataset.url)}"]`);
  }

  get input() {
    return this.form.querySelector("input[type=file]");
  }

  brings(event) {
    return !this.inside && [...(event.dataTransfer?.types ?? [])].includes("Files");
  }

  onOver = (event) => {
    if (!this.brings(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.toggleAttribute("data-over", true);
  };

  onLeave = (event) => {
    if (!this.contains(event.relatedTarget)) this.toggleAttribute("data-over", false);
  };

  onDrop = (event) => {
    if (!this.brings(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.inside = false;
    this.toggleAttribute("data-over", false);
    this.take(event.dataTransfer.files);
  };

  // Text that comes with a picture of itself, as from a spreadsheet, is pasted as text into a field.
  onPaste = (event) => {
    const { files, types } = event.clipboardData;
    const typing = event.target.closest?.("textarea, input, [contenteditable]") && types.includes("text/plain");
    if (!files.length || typing || event.defaultPrevented || !this.checkVisibility()) return;
    event.preventDefault();
    this.take(files);
  };

  onChange = (event) => {
    if (event.target === this.input) this.take(event.target.files);
  };

  take(files) {
    this.waiting = [];
    this.part = 0;
    let bytes = Infinity;
    for (const file of files) {
      if (bytes + file.size > MOST_BYTES || this.waiting.at(-1).length === MOST_FILES) {
        this.waiting.push([]);
        bytes = 0;
      }
      this.waiting.at(-1).push(file);
      bytes += file.size;
    }
    this.send();
  }

  // Many files go in several requests, one after the other; each answer stands below the one before.
  send() {
    const files = this.waiting.shift();
    if (!files) return;
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    this.input.files = all.files;
    this.form.setAttribute("hx-swap", this.part ? "beforeend" : "innerHTML");
    const { part } = this.form.elements;
    if (part) part.value = this.part || "";
    this.part += 1;
    this.form.requestSubmit();
  }

  get counted() {
    return this.count === 1 ? "1 picture" : `${this.count} pictures`;
  }

  onSend = (event) => {
    if (event.target !== this.form) return;
    const { files } = this.input;
    this.count = files.length;
    this.bytes = [...files].reduce((sum, file) => sum + file.size, 0);
    this.progress(0);
  };

  // The answer reports its progress as well; it is smaller than what was sent.
  onProgress = ({ target, detail }) => {
    if (target !== this.form || !detail.lengthComputable || detail.total < this.bytes) return;
    this.progress(Math.floor((detail.loaded / detail.total) * 100));
  };

  onAnswer = (event) => {
    if (event.target !== this.form) return;
    this.toggleAttribute("data-busy", false);
    this.say(event.detail.successful ? `${this.counted} sent` : `${this.counted} could not be sent. Try again.`);
    this.input.value = ""; // so that the same file can be chosen again
    setTimeout(() => this.send());
  };

  progress(percent) {
    this.toggleAttribute("data-busy", true);
    this.querySelector("[data-progress]").value = percent;
    this.say(percent < 100 ? `Sending ${this.counted}` : `Looking at ${this.counted}`);
  }

  say(text) {
    const place = this.querySelector("[data-say]");
    if (place.textContent !== text) place.textContent = text;
  }
}
customElements.define("file-drop", FileDrop);
