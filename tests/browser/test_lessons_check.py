"""`cnnviz lessons check` plays lessons in a browser."""

import subprocess
import sys
from pathlib import Path

GOOD = """
title = "Twice as far"
minutes = 1
about = "A stride of two."

[notes]
aim = "Say what a stride does."
likely = ["It is taken for the padding."]
room = "And three?"

[[step]]
kind = "predict"
page = "convolution_1d"
set_up = { signal = "1, 2, 3, 4", filter = "1", hop = "1" }
ask = "How many of 4 numbers are left by a stride of 2?"
answer = "len(convolve([1, 2, 3, 4], [1], 2))"
wrong = [{ say = "Every second one." }]
why = "Every second one: 2."

[[step]]
kind = "do"
page = "convolution_1d"
mark = "filter"
words = "The results are {line.results}."
do = "Set the stride to 2."
until = "line.stride == 2"
missing = [{ say = "It is {line.stride}." }]
done = "Now they are {line.results}."

[[step]]
kind = "transfer"
open = false
vary = { p = { least = 0, most = 9, count = 4, rows = 3 } }
ask = "Where is the third number of the second row?"
picture = "p"
answer = "[1, 2]"
wrong = [{ when = "given[0] != 1", say = "That is row {given[0]}." }, { say = "No: {given[1]}." }]
why = "It is {p[1][2]}."

[[step]]
kind = "transfer"
open = false
vary = { n = { least = 3, most = 9 } }
ask = "Is {n} the smaller one of {n} and {n + 1}?"
choices = ["yes", "no"]
answer = "n < n + 1"
wrong = [{ say = "It is." }]
why = "Yes."
"""

OF_THE_PAGE = """
[[step]]
kind = "transfer"
open = true
page = "convolution_1d"
set_up = { signal = "1, 2, 3, 4, 5", filter = "1", hop = "2" }
ask = "How many of these {len(line.signal)} numbers are left by a stride of {line.stride}?"
answer = "len(line.results)"
wrong = [{ say = "Not {given}: {line.results}." }]
why = "They are {line.results}."

[[step]]
kind = "transfer"
open = true
page = "convolution_1d"
ask = "Is there a result with a stride of {line.stride}?"
choices = ["yes", "no"]
answer = "len(line.results) > 0"
wrong = [{ say = "There are {len(line.results)}." }]
why = "{line.results}."
"""


def test_a_good_lesson_is_played_to_its_end_and_what_only_playing_shows_is_told(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(GOOD + OF_THE_PAGE, encoding="utf-8")
    # Done by its own set-up; and what is marked stands on another page.
    spoilt = GOOD.replace('mark = "filter"', 'set_up = { hop = "2" }').replace(
        "vary = { n", 'mark = "fool"\nvary = { n'
    )
    bad.write_text(spoilt, encoding="utf-8")
    # By itself: Playwright runs once in a process.
    command = [sys.executable, "-m", "cnnviz", "lessons", "check", str(good), str(bad)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout == f"{good}: no fault found\n", done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("cnnviz ")] == [
        "cnnviz lessons: bad.toml: step 2: until: holds as the step opens, before anything has "
        "been done",
        "cnnviz lessons: bad.toml: step 4: mark: fool isn't on the page as it is set up",
    ]
    assert "not answered" not in done.stderr, "by a number, a choice, a click, or what the page has"
    assert done.returncode == 2
