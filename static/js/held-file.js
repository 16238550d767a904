/* Keeps a file input true to something that is drawn: encodes after the last change, not during it, and holds a submit back
   until the file is in the form. The submit is caught before the form's own listeners and htmx see it. */
const REST = 350; // milliseconds without a change before a file is made

export class HeldFile {
  /* `encode()` resolves to a Blob, or to null for "nothing there", which empties the input. */
  constructor(input, name, encode) {
    Object.assign(this, { input, name, encode });
    this.changes = this.written = 0;
    document.addEventListener("submit", this.onSubmit, true);
  }

  leave() {
    clearTimeout(this.timer);
    document.removeEventListener("submit", this.onSubmit, true);
  }

  get isDirty() {
    return this.written !== this.changes;
  }

  changed() {
    this.changes += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), REST);
  }

  async write() {
    clearTimeout(this.timer);
    const change = this.changes;
    const blob = await this.encode();
    if (change !== this.changes) return; // changed on meanwhile; that has its own turn
    this.written = change;
    const files = new DataTransfer();
    if (blob) files.items.add(new File([blob], this.name, { type: blob.type }));
    this.input.files = files.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  onSubmit = async (event) => {
    if (event.target !== this.input.form || !this.isDirty) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.holding) return;
    this.holding = true;
    const { target, submitter } = event; // gone from the event after the first wait
    try {
      while (this.isDirty) await this.write();
    } finally {
      this.holding = false;
    }
    target.requestSubmit(submitter?.isConnected ? submitter : null);
  };
}
