import pytest
import pytorch_lightning as pl
import torch

from syncfusion.errors import InputError
from syncfusion.trainer.averaging import WarmUpAveraging

STEPS = 20


def averaged(decay, warm_up):
    """The average of a weight that jumps from 0 to 1 after the first of some steps."""
    callback = WarmUpAveraging(decay, warm_up=warm_up)
    layer = OneWeight()
    callback.setup(None, layer, "fit")
    for step in range(STEPS):
        with torch.no_grad():
            layer.weight.fill_(float(step > 0))
        callback._average_model.update_parameters(layer)
    return callback._average_model.module.weight.item()


class OneWeight(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))


def test_early_averages_are_not_dominated_by_the_random_start():
    assert averaged(0.999, warm_up=True) > 0.99
    assert averaged(0.999, warm_up=False) < 0.05


@pytest.mark.parametrize("warm_up", [True, False])
def test_a_decay_of_0_keeps_the_weights_themselves(warm_up):
    assert averaged(0.0, warm_up) == 1.0


def test_a_long_training_averages_with_its_decay():
    average = WarmUpAveraging(0.9)._kwargs["avg_fn"]
    found = average(torch.zeros(1), torch.ones(1), torch.tensor(10_000))
    assert found.item() == pytest.approx(0.1)


@pytest.mark.parametrize("decay", [-0.1, 1.0, 9.99])
def test_a_decay_out_of_its_range_is_named(decay):
    with pytest.raises(InputError, match="decay of averaged weights is .*0 to below 1"):
        WarmUpAveraging(decay)
