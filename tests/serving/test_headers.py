"""What every answer tells the browser."""

import base64
import hashlib
from functools import partial

import pytest

from cnnviz.serving.headers import (
    EXCEPTIONS,
    Headers,
    content_security_policy,
    inline_scripts,
    security_headers,
)
from cnnviz.ui import switches
from tests.serving.asking import ask, scope
from tests.serving.tables import SECURITY

PAGE = """<!-- <script>no</script> --><script src="a.js"></script>
<script>
  one < two && three
</script><SCRIPT type="module">let a = "&amp;";</SCRIPT>"""


def test_inline_scripts_are_found_to_the_last_character():
    assert inline_scripts(PAGE) == ["\n  one < two && three\n", 'let a = "&amp;";']


def test_the_policy_names_each_inline_script_by_its_hash_and_allows_no_other():
    policy = content_security_policy(PAGE)
    (scripts,) = [rule for rule in policy.split("; ") if rule.startswith("script-src")]
    hashed = base64.b64encode(hashlib.sha256(b"\n  one < two && three\n").digest()).decode()
    assert f"'sha256-{hashed}'" in scripts
    assert scripts.count("sha256-") == 2
    assert "unsafe-inline" not in scripts
    assert "'unsafe-eval'" not in scripts
    assert "*" not in policy
    assert "http" not in policy


def test_the_installed_streamlits_page_has_one_inline_script_which_is_read_from_it():
    assert len(inline_scripts(switches.index_page())) == 1


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=" ".join)
def test_every_exception_has_its_reason_in_the_docs_too(exception: tuple[str, str]):
    directive, source = exception
    assert f"| `{directive} {source}` | {EXCEPTIONS[exception]} |" in SECURITY


def test_every_answer_has_the_headers_once_whoever_gave_it():
    fields = security_headers("default-src 'self'")
    middleware = partial(Headers, fields=fields)
    answer = ask(lambda app: middleware(middleware(app)), scope())
    assert answer.headers == {name.decode(): value.decode() for name, value in fields}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["permissions-policy"].startswith("camera=(self),")
