"""What components write into the page's address stays there, whoever else writes it."""

from tests.javascript import Node

# A browser's address, history and clipboard, as far as the module asks of them.
BROWSER = """
const page = new EventTarget();
const go = (path) => {
  globalThis.location = new URL(path, "https://cnn.example");
  page.dispatchEvent(new Event("currententrychange"));
};
globalThis.location = new URL("https://cnn.example/");
globalThis.navigation = page;
globalThis.history = { state: null, replaceState: (state, title, href) => go(href) };
delete globalThis[Symbol.for("cnnviz.address")];
const address = await load("shared/address.js");
const shown = () => location.pathname + location.search;
"""


def test_what_streamlit_takes_out_of_the_address_of_a_page_comes_back(node: Node) -> None:
    said = node.run(
        BROWSER
        + """
        const stop = address.keepAddress();
        const told = [];
        address.writeAddress({ pin: "fc.7", scope: null });
        told.push(shown());
        go("/?about=step");  // what Streamlit knows: its own
        told.push(shown());
        go("/?pin=fc.1&about=ink");  // an old one
        told.push(shown());
        address.writeAddress({ pin: null });
        go("/?about=ink&pin=fc.7");
        told.push(shown());
        stop();
        go("/?about=ink&pin=fc.7");
        told.push(shown(), address.linkHere().link);
        return told;
        """
    )
    assert said == [
        "/?pin=fc.7",
        "/?about=step&pin=fc.7",
        "/?pin=fc.7&about=ink",
        "/?about=ink",
        "/?about=ink&pin=fc.7",
        "https://cnn.example/?about=ink",
    ]


def test_a_page_has_its_own_again_but_believes_the_link_that_leads_to_it(node: Node) -> None:
    said = node.run(
        BROWSER
        + """
        const stop = address.keepAddress();
        const told = [];
        address.writeAddress({ pin: "fc.7", drawing: "sA" });
        go("/why");
        address.writeAddress({ drawing: "sB" });
        told.push(shown());
        go("/");
        address.writeAddress({ drawing: "sB" });
        told.push(shown());
        go("/why");
        go("/");
        go("/?pin=conv1.2.3.4");  // Streamlit leads to a page first, and then writes its address
        address.writeAddress({ drawing: "sB" });
        told.push(shown());
        stop();
        return told;
        """
    )
    assert said == ["/why?drawing=sB", "/?pin=fc.7&drawing=sB", "/?pin=conv1.2.3.4&drawing=sB"]


def test_what_python_says_of_a_page_that_is_being_left_stays_out_of_the_next_ones(
    node: Node,
) -> None:
    said = node.run(
        BROWSER
        + """
        const stop = address.keepAddress();
        const told = [];
        const write = address.linkedWriter();
        const of = (page, entries) => ({ entries, lacking: `of ${page}`, page });
        const training = of("training", { run: "a", step: "3" });
        go("/base/training");
        write(training);
        told.push(shown());
        go("/base/why");
        write(training);  // shown once more, until what takes its place has come
        write(of("training", { run: "a", step: "4" }));  // an answer that took long
        told.push(shown(), address.linkHere().lacking);
        write(of("why", { sample: "3" }));
        told.push(shown(), address.linkHere().lacking);
        go("/base/");
        write(of("why", { sample: "4" }));
        told.push(shown());
        write(of("", { sample: "4" }));
        told.push(shown());
        go("/base/training");
        write(of("training", { run: "a", step: "4" }));
        told.push(shown());
        go("/alone");
        write(of(null, { sample: "5" }));  // without app.py no page has a name
        told.push(shown());
        stop();
        return told;
        """
    )
    assert said == [
        "/base/training?run=a&step=3",
        "/base/why",
        "",
        "/base/why?sample=3",
        "of why",
        "/base/",
        "/base/?sample=4",
        "/base/training?run=a&step=4",
        "/alone?sample=5",
    ]


def test_an_entry_that_is_there_twice_is_there_once_when_it_was_written(node: Node) -> None:
    said = node.run(
        """
        const { addressWith } = await load("shared/address.js");
        const href = "https://cnn.example/why?a=1&b=2&a=1#part";
        return [addressWith(href, [["a", "1"]]), addressWith(href, [["a", null], ["c", "ä;,"]])];
        """
    )
    assert said == [
        "https://cnn.example/why?a=1&b=2#part",
        "https://cnn.example/why?b=2&c=%C3%A4%3B%2C#part",
    ]


def test_where_no_clipboard_is_lent_what_was_selected_is_copied(node: Node) -> None:
    said = node.run(
        """
        const made = [];
        let allowed = true;
        class Element { focus() { made.push("focus back"); } }
        globalThis.HTMLElement = Element;
        Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
        globalThis.document = {
          activeElement: new Element(),
          body: { append: (field) => made.push(field) },
          createElement: () => ({ style: {}, select() { made.push("selected"); },
            remove() { made.push("removed"); } }),
          execCommand: (name) => { made.push(name); return allowed; },
        };
        const { copyText } = await load("shared/clipboard.js");
        const copied = [await copyText("a link")];
        allowed = false;
        copied.push(await copyText("a link"));
        return { copied, value: made[0].value, rest: made.slice(1, 5) };
        """
    )
    assert said == {
        "copied": [True, False],
        "value": "a link",
        "rest": ["selected", "copy", "removed", "focus back"],
    }
