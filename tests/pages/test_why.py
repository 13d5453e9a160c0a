"""Why: its frame, and each section's claims as a person reads them."""

from cnnviz.ui.why.sections import SECTIONS
from tests.pages.labs import open_link, texts


def test_each_section_opens_by_its_address_with_what_it_asks_and_nothing_of_the_others():
    for name, section in SECTIONS.items():
        script = open_link("why", about=name)
        assert not script.error
        assert section.question in texts(script)
        others = [other.question for other in SECTIONS.values() if other is not section]
        assert not any(question in texts(script) for question in others)
        assert script.query_params.get("about") == (None if name == "ink" else [name])
