"""What can't be read of a page: words over one another, cut, too small or out of the window."""

from playwright.sync_api import Locator, Page

# Text as it is painted: a rectangle a line, in the page and in every component's shadow.
WORDS = """
    const found = [];
    const lines = [];
    const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;
    const clips = ({ overflowX, overflowY, contain }) =>
        /hidden|clip/.test(overflowX + overflowY) || /strict|paint|content/.test(contain);
    function boxOf(element) {
        // What of the window an element's clipping ancestors leave; null where it isn't painted.
        let [left, top, right, bottom] = [-1e6, -1e6, 1e6, 1e6];
        let scrolls = false;
        // Not what is closed, as in details.
        if (!element.checkVisibility({ contentVisibilityAuto: true })) return null;
        for (let at = element; at; at = parentOf(at)) {
            const style = getComputedStyle(at);
            if (style.display === "none" || style.visibility === "hidden") return null;
            if (Number(style.opacity) === 0 || style.clipPath !== "none") return null;
            if (at.ariaHidden === "true") return null;
            // Streamlit's: the menu while it is closed, and a link that shows itself when focused.
            if (at.matches("[data-testid=stSidebar], [data-testid=stSkipToContent]")) return null;
            if (/auto|scroll/.test(style.overflowX + style.overflowY)) scrolls = true;
            if (!clips(style) || scrolls || at === document.body) continue;
            const box = at.getBoundingClientRect();
            const contained = /strict|paint|content/.test(style.contain);
            if (contained || style.overflowX !== "visible") {
                left = Math.max(left, box.left);
                right = Math.min(right, box.right);
            }
            if (contained || style.overflowY !== "visible") {
                top = Math.max(top, box.top);
                bottom = Math.min(bottom, box.bottom);
            }
        }
        return { left, top, right, bottom };
    }
    function walk(root) {
        const both = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
        const walker = document.createTreeWalker(root, both);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.shadowRoot) walk(node.shadowRoot);
            if (node.nodeType !== 3 || !node.data.trim()) continue;
            const element = node.parentElement;
            // A field or a menu shortens what it holds; Streamlit's own, and code scrolls.
            const own = "style, script, option, pre, textarea, select, [data-baseweb], noscript";
            if (!element || element.closest(own)) continue;
            const clip = boxOf(element);
            if (!clip) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const zoom = element.currentCSSZoom ?? 1;
            const size = parseFloat(getComputedStyle(element).fontSize) * zoom;
            // Shortened on purpose, and whole on hover.
            const short =
                getComputedStyle(element).textOverflow === "ellipsis" && element.closest("[title]");
            for (const { left, top, right: end, bottom } of range.getClientRects()) {
                const right = short ? Math.min(end, clip.right) : end;
                if (right - left < 1 || bottom - top < 1) continue;
                const words = node.data.trim().slice(0, 50);
                // Lines are higher than what is painted of them.
                const slack = Math.max(0, bottom - top - size) / 2;
                const [upper, lower] = [top + slack, bottom - slack];
                lines.push({ words, element, size, left, right, top: upper, bottom: lower });
                if (right > clip.right + 2 || left < clip.left - 2)
                    found.push(`cut: ${words}`);
                else if (lower > clip.bottom + 2 || upper < clip.top - 2)
                    found.push(`cut in height: ${words}`);
            }
        }
    }
    walk(document.body);
"""

UNREADABLE = f"""(over) => {{
    {WORDS}
    const main = document.querySelector("[data-testid=stMain]");
    if (document.documentElement.scrollWidth > innerWidth || main.scrollWidth > main.clientWidth)
        found.push("the page scrolls sideways");
    const fixed = (element) => {{
        for (let at = element; at; at = parentOf(at))
            if (/fixed|sticky/.test(getComputedStyle(at).position)) return true;
        return false;
    }};
    lines.sort((a, b) => a.top - b.top);
    lines.forEach((one, index) => {{
        for (const other of lines.slice(index + 1)) {{
            if (other.top > one.bottom) break;
            if (other.element === one.element) continue;
            const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
            const along = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
            if (across <= over || along <= over) continue;
            // What floats lies over what scrolls under it.
            if (fixed(one.element) !== fixed(other.element)) continue;
            found.push(`over one another: ${{one.words}} | ${{other.words}}`);
        }}
    }});
    return [...new Set(found)];
}}"""

SMALL = f"""({{ within, least }}) => {{
    {WORDS}
    const inside = (element) => {{
        for (let at = element; at; at = parentOf(at)) if (at.matches(within)) return true;
        return false;
    }};
    const small = lines.filter(({{ element, size }}) => size < least - 0.1 && inside(element));
    return [...new Set(small.map(({{ size, words }}) => `${{size.toFixed(1)}} px: ${{words}}`))];
}}"""


def unreadable(page: Page, over: float = 2) -> list[str]:
    """What is wrong with the page's words, a line each; none may be below 10.5 px.

    Words count as over one another where they share more than `over` px each way.
    """
    return page.evaluate(UNREADABLE, over) + small(page, "body", 10.5)


def small(page: Page, within: str, least: float) -> list[str]:
    """The words below `least` px in what the CSS selector `within` names, a line each."""
    return page.evaluate(SMALL, {"within": within, "least": least})


def covered(element: Locator) -> bool:
    """Whether something else lies over the middle of `element`, or that is out of the window."""
    return element.evaluate(
        """element => {
          const box = element.getBoundingClientRect();
          const middle = [box.x + box.width / 2, box.y + box.height / 2];
          let top = document.elementFromPoint(...middle);
          while (top?.shadowRoot) {
            const inner = top.shadowRoot.elementFromPoint(...middle);
            if (!inner || inner === top) break;
            top = inner;
          }
          return !element.contains(top);
        }"""
    )
