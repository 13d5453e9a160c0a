import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal as scipy_signal

from cnnviz.labs.signals import FILTERS
from cnnviz.labs.spectrum import kind, spectrum

lists = st.lists(st.floats(-10, 10), min_size=1, max_size=64).map(np.array)


@given(lists, lists)
def test_after_is_before_times_gain(f, h):
    spectra = spectrum(f, h)
    np.testing.assert_allclose(spectra.after, spectra.before * spectra.gain, atol=1e-8)


@given(lists)
def test_the_gain_is_scipys_frequency_response(h):
    spectra = spectrum(np.ones(1), h)
    _, response = scipy_signal.freqz(h, worN=513, include_nyquist=True)
    np.testing.assert_allclose(spectra.gain, np.abs(response), atol=1e-8)


@pytest.mark.parametrize("samples", [512, 1023, 1024, 1500])
def test_long_signals_keep_their_frequencies(samples):
    wave = np.sin(2 * np.pi * 0.125 * np.arange(samples))
    spectra = spectrum(wave, np.ones(1))
    assert spectra.frequency[spectra.before.argmax()] == pytest.approx(0.125, abs=0.002)


@pytest.mark.parametrize(
    ("taps", "expected"),
    [
        (FILTERS["average"].values, "low-pass"),
        (FILTERS["Gaussian"].values, "low-pass"),
        (FILTERS["decay"].values, "low-pass"),
        (FILTERS["2nd derivative"].values, "high-pass"),
        (np.array([1.0, -1]), "high-pass"),
        (FILTERS["difference"].values, "band-pass"),
        (np.array([1.0, 0, 1]), "band-stop"),
        (FILTERS["echo"].values, "comb"),
        (np.array([1.0]), "all-pass"),
        (np.zeros(3), "silence"),
    ],
)
def test_filters_are_called_what_they_do(taps, expected):
    assert kind(taps) == expected
