"""What augmentation makes of a batch, held against torchvision's own on each image by itself."""

import math

import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as vision

from cnnviz.training.images import AUGMENTATIONS, moved


@given(
    shape=st.tuples(st.sampled_from((1, 3)), st.integers(8, 40), st.integers(8, 40)),
    seed=st.integers(0, 1000),
)
def test_turned_sized_and_shifted_as_torchvision_does_it(shape, seed):
    images = torch.rand((3, *shape), generator=torch.Generator().manual_seed(seed))
    result = moved(images, torch.Generator().manual_seed(seed))
    drawn = torch.rand((4, 3), generator=torch.Generator().manual_seed(seed)) * 2 - 1
    for image, ours, (turn, size, right, down) in zip(images, result, drawn.T, strict=True):
        # torchvision shifts after turning and sizing: what is taken from there goes back by it.
        angle, scale = 12 * float(turn), 1 + 0.15 * float(size)
        x, y = -2 * float(right), -2 * float(down)
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        theirs = vision.affine(
            image,
            angle=-angle,
            translate=[scale * (x * cosine + y * sine), scale * (y * cosine - x * sine)],  # type: ignore[list-item]
            scale=scale,
            shear=[0.0, 0.0],
            interpolation=InterpolationMode.BILINEAR,
        )
        inside = (slice(None), slice(4, -4), slice(4, -4))
        assert torch.allclose(ours[inside], theirs[inside], atol=1e-3)


def test_each_image_is_moved_by_itself_and_the_same_seed_moves_it_again():
    batch = torch.zeros(2, 1, 28, 28)
    batch[:, :, 10:18, 12:14] = 1
    for name, change in AUGMENTATIONS.items():
        once, again = (change(batch, torch.Generator().manual_seed(5)) for _ in range(2))
        assert torch.equal(once, again)
        assert torch.equal(once[0], once[1]) == (name == "none")
        assert 0 <= once.min() <= once.max() <= 1
