"""The command ``syncfusion train``: both stages, the prompt encoder, and a whole preset."""

import argparse

from syncfusion.options import Parser

CONFIGS = ("train_diffusion_gh", "train_compact")  # of exp/
DIFFUSION = """\
Train the diffusion model; run again, it resumes. exp/ holds the settings; change some by
  syncfusion train diffusion data.batch_size=8 model=reference init=CHECKPOINT
  syncfusion train diffusion +experiment=smoke"""


def add_train(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Describe the command and its options."""
    command = commands.add_parser("train", help="train the models, or a whole compact preset")
    actions = command.add_subparsers(required=True, metavar="WHAT")
    onset = actions.add_parser("onset", help="the onset detector, by LightningCLI", pass_on=True)
    onset.set_defaults(run=_onset)
    _add_diffusion(actions)


def _add_diffusion(actions: "argparse._SubParsersAction[Parser]") -> None:
    action = actions.add_parser(
        "diffusion",
        help="the diffusion model, by Hydra",
        description=DIFFUSION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    action.set_defaults(run=_diffusion)
    action.add_argument("changes", nargs="*", metavar="CHANGE", help="group=choice or key=value")
    action.add_argument(
        "--config", choices=CONFIGS, default=CONFIGS[0], help="of exp/; default: %(default)s"
    )
    action.add_argument("--show", action="store_true", help="print the configuration and stop")


def _log_progress() -> None:
    import logging

    logging.getLogger("syncfusion").setLevel(logging.INFO)


def _onset(options: argparse.Namespace) -> None:
    from syncfusion.training import train_onset

    _log_progress()
    train_onset(options.arguments)


def _diffusion(options: argparse.Namespace) -> None:
    from syncfusion.composition import compose

    config = compose(options.changes, primary=options.config)
    if options.show:
        import sys

        import yaml

        sys.stdout.write(yaml.safe_dump(config, sort_keys=False))
        return
    from syncfusion.training import train_diffusion

    _log_progress()
    train_diffusion(config)
