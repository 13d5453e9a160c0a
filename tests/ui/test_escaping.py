"""Names that somebody gave are shown to the letter."""

from cnnviz.ui.escaping import escaped


def test_what_markdown_would_take_for_more_than_text_is_escaped():
    assert escaped("a_b *c* `d`") == r"a\_b \*c\* \`d\`"
    assert escaped("[e](f) <g> #h") == r"\[e\](f) \<g\> \#h"
    assert escaped(":i: $j$ ~k~ | \\") == r"\:i\: \$j\$ \~k\~ \| \\"
    assert escaped("Grüße, 7 × 7") == "Grüße, 7 × 7"
