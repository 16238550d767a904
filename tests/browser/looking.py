"""Looking at a page as it stands: what can't be reached on a small screen, what moves for who wants no motion."""

from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, look_at, named, problems_by_axe

ZOOMED = (720, 450)  # what is left of a desktop's pixels at 200 %
# Of everything that is read or pressed: what lies where nobody can scroll to.
CUT_OFF = """async () => {
  // What measures itself does so after the page was laid out.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const width = document.documentElement.scrollWidth;
  const found = width > innerWidth ? [`scrolls sideways: ${width} in ${innerWidth}`] : [];
  const isFree = (style, axis, all, shown) => /auto|scroll/.test(style[`overflow${axis}`]) && all > shown;
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, h1, h2, h3")) {
    const box = each.getBoundingClientRect();
    const isShown = each.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
    if (!isShown || each.matches(".skip")) continue;
    let [x, y, fixed] = [false, false, false];
    for (let up = each; up && up !== document.documentElement && !fixed; up = up.parentElement) {
      const style = getComputedStyle(up);
      x ||= up !== each && isFree(style, "X", up.scrollWidth, up.clientWidth);
      y ||= up !== each && isFree(style, "Y", up.scrollHeight, up.clientHeight);
      fixed = style.position === "fixed";
    }
    y ||= !fixed && document.documentElement.scrollHeight > innerHeight;
    const beside = !x && (box.right > innerWidth + 1 || box.left < -1);
    const below = !y && (box.bottom > innerHeight + 1 || box.top < -1);
    if (beside || below) found.push(`${beside ? "beside" : "below"} the screen: ${each.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""
MOVING = """() => {
  const seconds = (text) => parseFloat(text) * (text.includes("ms") ? 0.001 : 1);
  const longest = (text) => Math.max(...text.split(",").map(seconds));
  const found = new Set();
  for (const each of document.querySelectorAll("body, body *")) {
    const { transitionDuration, animationDuration, animationName } = getComputedStyle(each);
    if (longest(transitionDuration) > 0.02 || (animationName !== "none" && longest(animationDuration) > 0.02))
      found.add(`moves: ${each.tagName.toLowerCase()}.${each.className}`);
  }
  return [...found];
}"""


# What a small screen shows has been looked at there; of the rest each part's outermost element is left to look at.
NARROW = """() => {
  window.narrow = new Set([...document.querySelectorAll("body *")].filter((each) => each.checkVisibility()));
}"""
ONLY_WIDE = """async () => {
  // The frame is the same on every page, and looked at where things open.
  const isNew = (each) => each.checkVisibility() && !narrow.has(each) && !each.closest(".rail, #units");
  const include = [...document.querySelectorAll("body *")].filter((each) => isNew(each) && !isNew(each.parentElement));
  const options = { resultTypes: ["violations"], runOnly: ["color-contrast"] };
  return include.length ? await axe.run({ include }, options) : null;
}"""


def problems(page: Page) -> list[str]:
    """What is wrong with a page for anybody: by axe in both themes, at 200 %, on a phone, without motion.

    Of axe's rules one alone looks at colors, and only they differ between the themes. In the dark they are looked at on
    a phone, and then what is only there on a wide screen.
    """
    found = problems_by_axe(page)
    found += page.evaluate(MOVING)
    look_at(page, "dark")
    for size in (ZOOMED, PHONE, DESKTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found += [f"{size[0]} wide: {each}" for each in page.evaluate(CUT_OFF)]
        if size == PHONE:
            page.evaluate(NARROW)
            found += [f"in the dark on a phone: {each}" for each in problems_by_axe(page, only="color-contrast")]
    found += [f"in the dark: {each}" for each in named(page.evaluate(ONLY_WIDE))]
    look_at(page, "light")
    return found
