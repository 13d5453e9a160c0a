"""What a step of a lesson can mark in a page: a name, and where it is found there."""

from collections.abc import Mapping
from types import MappingProxyType

_VIEW = '[data-testid="stMain"] .st-key-{}-frame'

MARKS: Mapping[str, str] = MappingProxyType(
    {
        # Draw
        "canvas": ".st-key-draw",
        "reading": ".st-key-draw_reading",
        **dict.fromkeys(("maps1", "maps2", "relu", "inspector", "answer"), _VIEW.format("network")),
        # 1D convolution
        "signal": ".st-key-signal",
        "filter": ".st-key-filter",
        "line": ".st-key-conv1d_view",
        "play": ".st-key-conv1d_view",
        "rod": ".st-key-rod",
        # 2D convolution
        "map": ".st-key-lab_picture",
        "kernel": '[class*="st-key-conv2d_kernels"]',
        "padding": ".st-key-conv2d_padding_field",
        "stride": ".st-key-conv2d_stride_field",
        "both": ".st-key-both",
        # Pooling
        "shift": ".st-key-pooling_shift",
        "window": ".st-key-pooling_window_field",
        "saving": ".st-key-pooling_saving",
        # Translation
        "digit": ".st-key-lab_picture",
        "shuffled": ".st-key-translation_shuffled",
        # Training and Why
        "start": ".st-key-training_start",
        "film": ".st-key-training_film",
        "step": ".st-key-why_step",
        "fool": ".st-key-why_fool",
    }
)
