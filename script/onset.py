"""Train the onset detector: script/onset.py fit -c cfg/onset-compact.yaml."""

import torch
from pytorch_lightning.cli import LightningCLI

from syncfusion.onset.data import OnsetData
from syncfusion.onset.module import OnsetModule


def main(arguments: list[str] | None = None) -> LightningCLI:
    """Run from the command line, or with these arguments."""
    torch.set_float32_matmul_precision("high")
    return LightningCLI(OnsetModule, OnsetData, args=arguments, save_config_kwargs=OVERWRITE)


OVERWRITE = {"overwrite": True}  # a resumed run writes its configuration again

if __name__ == "__main__":
    main()
