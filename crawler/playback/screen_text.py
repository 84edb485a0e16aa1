"""Scripts that gather the text that can be read on a page."""

VIEW_WIDTH = 1280
MAX_HEIGHT = 16_000
"""Pixels of the window when a page is looked at; a longer page is looked at in several parts."""
MAX_PARTS = 8

PAGE_TEXT = "document.body ? document.body.innerText : ''"
"""All text that is rendered, whether or not something covers it."""

HEIGHT = (
    "Math.max(document.documentElement ? document.documentElement.scrollHeight : 0, document.body ? document.body.scrollHeight : 0)"
)

SCREEN_TEXT = """
(() => {
  const done = (globalThis.__seen ??= new WeakSet()), out = [], range = document.createRange();
  if (!document.body) return "";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const styles = new Map();
  const style = (one) => {
    if (!styles.has(one)) styles.set(one, getComputedStyle(one));
    return styles.get(one);
  };
  const clear = (one) => {
    for (let up = one; up; up = up.parentElement) if (Number(style(up).opacity) < 0.05) return true;
    const color = style(one).color.match(/rgba\\([^)]*, ?([0-9.]+)\\)/);
    return style(one).visibility !== "visible" || (color && Number(color[1]) < 0.05);
  };
  const shows = (hit, parent) => hit && (parent.contains(hit)
    || (hit.contains(parent) && (style(parent).pointerEvents === "none" || style(parent).display === "contents")));
  let gap = true;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === 1) {
      if (node.tagName === "BR" || !/^(inline|contents|ruby)/.test(style(node).display)) gap = true;
      continue;
    }
    const parent = node.parentElement;
    if (!node.data.trim() || !parent) { gap = gap || /\\s/.test(node.data); continue; }
    let block = parent;
    while (block && /^(inline$|contents)/.test(style(block).display)) block = block.parentElement;
    if (block !== globalThis.__block) gap = true;
    globalThis.__block = block;
    if (done.has(node) || clear(parent)) continue;
    range.selectNodeContents(node);
    let all = 0, seen = 0;
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      all++;
      const x = box.left + box.width / 2, y = box.top + box.height / 2;
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      if (shows(document.elementFromPoint(x, y), parent)) seen++;
    }
    if (all && seen * 2 >= all) {
      done.add(node);
      out.push((gap ? "\\n" : "") + node.data);
      gap = false;
    }
  }
  return out.join("");
})()
"""
"""Evaluated in a world of its own, whose globals the page does not see; each text once, however often it is evaluated."""

BROKEN_PICTURES = """
[...document.images].filter((one) => one.currentSrc && one.complete && !one.naturalWidth
  && one.width > 3 && one.height > 3).length
"""
"""Number of pictures that have a place on the page and no content."""
