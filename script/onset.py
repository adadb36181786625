"""Train the onset detector: script/onset.py fit -c cfg/onset-compact.yaml."""

from pytorch_lightning.cli import LightningCLI

from syncfusion.onset.data import OnsetData
from syncfusion.onset.module import OnsetModule


def main(arguments: list[str] | None = None, *, run: bool = True) -> LightningCLI:
    """Run from the command line, or with these arguments.

    Args:
        arguments: subcommand and options; None for those of the command line.
        run: whether to run a subcommand; False builds the objects of a configuration only.

    Returns:
        The model, the data and the trainer.
    """
    overwrite = {"overwrite": True}  # a resumed run writes its configuration again
    return LightningCLI(
        OnsetModule, OnsetData, args=arguments, run=run, save_config_kwargs=overwrite
    )


if __name__ == "__main__":
    main()
