/* <collect-rows><form><input name="name"><ul><li><button><span class="clip">: what is typed finds the collections there are, by a
   part of their name. Enter takes the one that is called so, else it makes it. The arrow keys walk through what was found. */
class CollectRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.onInput);
    this.addEventListener("keydown", this.onKey);
  }

  /* The dialog around it has opened. Under a finger the field would bring up a keyboard that hides the list. And `autofocus` would not do:
     htmx focuses such a field once more a moment later, when somebody may have gone on to the list. */
  begin() {
    if (matchMedia("(pointer: fine)").matches) this.field.focus();
  }

  get field() {
    return this.querySelector("input[name=name]");
  }

  get typed() {
    return this.field.value.trim().toLowerCase();
  }

  get rows() {
    return [...this.querySelectorAll("li > button")];
  }

  called(row) {
    return row.querySelector(".clip").textContent.trim().toLowerCase();
  }

  onInput = () => {
    for (const row of this.rows) row.parentElement.hidden = !this.called(row).includes(this.typed);
  };

  onKey = (event) => {
    const found = this.rows.filter((row) => !row.parentElement.hidden);
    const at = found.indexOf(event.target);
    if (event.key === "ArrowDown") found[at + 1]?.focus();
    else if (event.key === "ArrowUp") (found[at - 1] ?? this.field).focus();
    else if (event.key === "Enter" && event.target === this.field) {
      const same = found.find((row) => this.called(row) === this.typed);
      if (!same) return;
      same.click();
    } else return;
    event.preventDefault();
  };
}
customElements.define("collect-rows", CollectRows);
