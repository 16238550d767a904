/* <before-after [data-before="Before"] [data-after="After"] [data-place="left top width height"]><img before><img after>: two
   pictures, one over the other, with a line between them to drag. The line is a range input, so arrows, Home and End move
   it. `data-place` says where the first lies in the second, in percent, when the second shows more of the scene. Without
   JavaScript the two stand side by side. */
class BeforeAfter extends HTMLElement {
  connectedCallback() {
    const [before, after] = this.querySelectorAll("img");
    if (!after || this.range) return;
    this.box = this.part("span", "before-after__box");
    this.box.append(before, after, this.line(), this.tag("before", "Before"), this.tag("after", "After"), this.slider());
    this.append(this.box);
    this.put(before);
    for (const img of [before, after]) img.addEventListener("load", this.proportion);
    this.proportion();
    this.split();
  }

  part(name, className) {
    const part = document.createElement(name);
    part.className = className;
    return part;
  }

  line() {
    const line = this.part("span", "before-after__line");
    line.append(this.part("span", "before-after__knob"));
    return line;
  }

  tag(name, text) {
    const tag = this.part("span", `before-after__tag before-after__tag--${name}`);
    tag.textContent = this.dataset[name] || text;
    return tag;
  }

  slider() {
    this.range = this.part("input", "before-after__range");
    Object.assign(this.range, { type: "range", min: 0, max: 100, step: 1, value: 50 });
    this.range.setAttribute("aria-label", "How much of the picture before is shown");
    this.range.addEventListener("input", this.split);
    return this.range;
  }

  put(before) {
    if (!this.dataset.place) return;
    const [left, top, width, height] = this.dataset.place.split(" ").map(Number);
    Object.assign(before.style, { inset: `${top}% auto auto ${left}%`, width: `${width}%`, height: `${height}%` });
    this.box.style.setProperty("--from", left / 100);
    this.box.style.setProperty("--part", width / 100);
  }

  // The second picture decides: the first may be a smaller preview of the same.
  proportion = () => {
    const { naturalWidth, naturalHeight } = this.querySelector("img:nth-of-type(2)");
    if (naturalWidth) this.box.style.setProperty("--proportion", naturalWidth / naturalHeight);
  };

  split = () => {
    this.box.style.setProperty("--split", this.range.value / 100);
    this.range.setAttribute("aria-valuetext", `${this.range.value} % before, ${100 - this.range.value} % after`);
  };
}
customElements.define("before-after", BeforeAfter);
