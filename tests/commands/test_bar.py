"""The terminal's progress bar: one line, drawn over, and only where somebody looks."""

import io
import sys

import pytest

from cnnviz.commands import bar
from cnnviz.commands.bar import Bar, DownloadBar


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True

    def taken(self) -> str:
        """What was written since this was asked last."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


def screen_for(monkeypatch: pytest.MonkeyPatch, every: float = 0.0) -> Screen:
    """A terminal in place of stderr; called in the test, as pytest sets its own before each."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(bar, "EVERY", every)
    return screen


def test_a_shorter_line_leaves_nothing_of_the_longer_one_before(monkeypatch):
    screen = screen_for(monkeypatch)
    shown = Bar()
    shown.show("epoch 1/2", 0.5, "loss 10.123")
    shown.show("epoch 1/2", 1.0, "loss 0.1")
    shown.end()
    first, second = screen.taken().strip("\r\n").split("\r")
    assert first == f"epoch 1/2 [{'#' * 15}{'.' * 15}] loss 10.123"
    assert second == f"epoch 1/2 [{'#' * 30}] loss 0.1   "
    assert len(first) == len(second)


def test_wiping_leaves_an_empty_line_to_print_on_and_a_second_time_does_nothing(monkeypatch):
    screen = screen_for(monkeypatch)
    shown = Bar()
    shown.show("MNIST", 0.1, "of it")
    width = len(screen.taken()) - 1
    shown.wipe()
    assert screen.taken() == f"\r{' ' * width}\r"
    shown.wipe()
    shown.end()
    assert screen.taken() == ""


def test_between_the_first_and_the_full_bar_it_is_drawn_ten_times_a_second(monkeypatch):
    screen = screen_for(monkeypatch, every=0.1)
    now = [100.0]
    monkeypatch.setattr(bar.time, "monotonic", lambda: now[0])
    shown = DownloadBar("MNIST")
    for megabytes in range(11):
        shown(megabytes * 1_000_000, 10_000_000)
        now[0] += 0.03
    lines = screen.taken().strip("\r").split("\r")
    assert [line.split("] ")[1].split(" of ")[0] for line in lines] == ["0.0", "4.0", "8.0", "10.0"]


def test_a_share_out_of_bounds_still_fits_the_bar(monkeypatch):
    screen = screen_for(monkeypatch)
    shown = Bar()
    shown.show("", -0.5, "")
    shown.show("", 1.5, "")
    first, second = screen.taken().strip("\r").split("\r")
    assert "." * 30 in first
    assert "#" * 30 in second


def test_where_stderr_is_no_screen_nothing_is_drawn(capsys):
    shown = Bar()
    shown.show("MNIST", 0.5, "")
    shown.wipe()
    shown.end()
    assert capsys.readouterr().err == ""
