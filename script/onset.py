"""Train the onset detector: script/onset.py fit -c cfg/onset-compact.yaml."""

import sys
from dataclasses import asdict

from dotenv import load_dotenv
from pytorch_lightning.utilities.exceptions import MisconfigurationException

from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.onset import OnsetData, OnsetModule, check_same_net
from syncfusion.options import BAD_INPUT
from syncfusion.training import TrainingCommand


class Training(TrainingCommand):
    """The training command, with checkpoints as it knows them."""

    def before_fit(self) -> None:
        """Start from trained weights, if asked to."""
        path = self.settings["init"]
        if path is not None:
            trained, net = load_onset(path), self.model.model
            check_same_net(asdict(trained.config), net.config, path)
            net.load_state_dict(trained.state_dict())


def main(arguments: list[str] | None = None, *, run: bool = True) -> Training:
    """Run from the command line, or with these arguments.

    Args:
        arguments: subcommand and options; None for those of the command line.
        run: whether to run a subcommand; False builds the objects of a configuration only.

    Returns:
        The model, the data and the trainer.
    """
    load_dotenv()
    return Training(OnsetModule, OnsetData, args=arguments, run=run)


if __name__ == "__main__":
    try:
        main()
    except (InputError, MisconfigurationException, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
