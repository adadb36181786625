import pytest
import torch

from syncfusion.diffusion.guidance import apply_guidance
from syncfusion.timing import seeded

WITH, WITHOUT = torch.randn(2, 2, 3, 8, generator=seeded(0), dtype=torch.float64)


@pytest.mark.parametrize(
    ("scale", "expected"), [(1, WITH), (0, WITHOUT), (3, 3 * WITH - 2 * WITHOUT)]
)
def test_guidance_walks_the_line_through_both_predictions(scale, expected):
    guided = apply_guidance(WITH, WITHOUT, scale=scale)
    torch.testing.assert_close(guided, expected, rtol=0, atol=1e-12)
