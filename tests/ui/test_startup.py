"""The first visitors of a server that has imported nothing yet."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.browser import chromium
from tests.sessions import visit

# Some come while others' pages are half way: what one imports, another may find half made.
APART = (0.0, 0.1, 0.2)  # seconds
PAGES = ["training"] * 14 + ["convolution_1d", ""]


@pytest.mark.parametrize("apart", APART)
def test_many_who_open_a_cold_server_at_once_get_their_pages_whole(apart):
    def come(place: int):
        time.sleep(apart * place)
        return visit(url, PAGES[place])

    with chromium.server() as (url, _), ThreadPoolExecutor(len(PAGES)) as people:
        visits = list(people.map(come, range(len(PAGES))))
    assert [shown for one in visits for shown in one.exceptions] == []
    assert all(one.elements > 10 for one in visits)
