/* <tile-size data-for="id">: how the tiles of a list look, set by real inputs and kept on this machine for a year. */
class TileSize extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.onInput);
  }

  onInput = ({ target }) => {
    const list = document.getElementById(this.dataset.for);
    list.dataset[target.name === "tile" ? "size" : "fit"] = target.value;
    document.cookie = `${target.name}=${target.value}; path=/gallery/; max-age=31536000; samesite=lax`;
  };
}
customElements.define("tile-size", TileSize);
