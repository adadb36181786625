"""A few hostile files and requests of each class; ``python -m fuzz`` tries thousands."""

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz.running import CASES, prepare
from syncfusion.errors import InputError

FEW = 6


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_refused_is_refused_in_one_sentence(name, tmp_path):
    inputs = prepare(name, tmp_path / "seeds")

    @seed(0)
    @settings(
        max_examples=FEW,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs.cases())
    def every(case):
        try:
            inputs.run(case, tmp_path / "case")
        except InputError as error:
            sentence = str(error)
            assert sentence.strip() and "\n" not in sentence  # noqa: PT017, PT018

    every()
