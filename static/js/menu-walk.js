/* Menus that open beside their button are walked by keys, like the menu of pictures: the arrows, Home and End, from the button on; a letter goes
   to the next line that begins with it. Tab and Esc are the browser's. */
const TYPES = "input, textarea, select, [contenteditable]";

function walk(event) {
  const { target, key } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.matches?.(TYPES)) return;
  const menu = document.querySelector(":popover-open:not([popover=manual])");
  if (!menu || !(menu.contains(target) || target.getAttribute?.("popovertarget") === menu.id)) return;
  const items = [...menu.querySelectorAll("a.menu__item, button.menu__item")].filter((item) => item.checkVisibility());
  const at = items.indexOf(target);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key];
  const next = to === undefined ? named(items, at, key) : items.at(to % items.length);
  if (!next) return;
  next.focus();
  event.preventDefault();
}

function named(items, at, key) {
  if (key.length !== 1 || key === " ") return undefined;
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

document.addEventListener("keydown", walk);
