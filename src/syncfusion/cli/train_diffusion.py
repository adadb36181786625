"""``syncfusion train diffusion``: one training, or a sweep, here or as jobs of a cluster."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syncfusion.cli.output import write_failures, write_lines
from syncfusion.options import Parser

CONFIGS = ("train_diffusion_gh", "train_compact", "train_hits", "train_takes")  # of exp/
HERE = "here"
LAUNCHERS = (HERE, "local", "slurm")
LAUNCHER = "of -m: one after another here, or all as jobs that submitit starts locally or by SLURM"
JOB = "of such a job, by submitit's names: gpus_per_node=8, timeout_min=600, slurm_partition=long"
FAILED = 1  # exit code


def add_diffusion(actions: "argparse._SubParsersAction[Parser]", description: str) -> None:
    """Describe the command and its options."""
    action = actions.add_parser(
        "diffusion", help="the diffusion model, by Hydra", description=description
    )
    action.set_defaults(run=_diffusion)
    add = action.add_argument
    add("changes", nargs="*", metavar="CHANGE", help="group=choice or key=value")
    add("--config", choices=CONFIGS, default=CONFIGS[0], help="of exp/; default: %(default)s")
    add("-m", "--multirun", action="store_true", help="train every combination of key=a,b")
    add("--launcher", choices=LAUNCHERS, default=HERE, help=LAUNCHER)
    add("--job", action="append", default=[], metavar="KEY=VALUE", help=JOB)
    add("--show", action="store_true", help="print the configuration and stop")


def _diffusion(options: argparse.Namespace) -> int | None:
    from syncfusion.composition import compose, compose_sweep

    if options.multirun:
        configs = compose_sweep(options.changes, primary=options.config)
    else:
        configs = [compose(options.changes, primary=options.config)]
    if options.show:
        import yaml

        sys.stdout.write(yaml.safe_dump_all(configs, sort_keys=False))
        return None
    if options.launcher != HERE:
        return _submit(configs, options.launcher, options.job)
    for config in configs:
        _train(config)
    return None


def _train(config: Mapping[str, Any]) -> None:
    """Do one training, in this process or as a job of its own."""
    import logging

    from syncfusion.trainer import close_loggers
    from syncfusion.training import train_diffusion

    logging.getLogger("syncfusion").setLevel(logging.INFO)
    close_loggers(train_diffusion(config).loggers)


def _submit(configs: Sequence[dict[str, Any]], cluster: str, words: Sequence[str]) -> int | None:
    """Do each training as a job; wait for all, and print a table of those that failed."""
    import logging

    import submitit
    import yaml

    from syncfusion.errors import InputError

    logging.getLogger("submitit").setLevel(logging.ERROR)  # its warnings go to stdout
    settings = {key: yaml.safe_load(value) for key, _, value in (w.partition("=") for w in words)}
    folder = Path(configs[0]["output"]).parent / "jobs"
    try:
        executor = submitit.AutoExecutor(folder, cluster=cluster)
        executor.update_parameters(**({"name": "syncfusion"} | settings))
    except (NameError, RuntimeError, TypeError, ValueError) as error:
        raise InputError(
            f"the jobs cannot be started: {error}; see --launcher and --job"
        ) from error
    with executor.batch():
        jobs = [executor.submit(_attempt, config) for config in configs]
    names = [Path(config["output"]).name for config in configs]
    write_lines(f"{name}: job {job.job_id}" for name, job in zip(names, jobs, strict=True))
    reasons = zip(names, map(_reason, jobs), strict=True)
    failures = {name: reason for name, reason in reasons if reason is not None}
    write_failures(failures)
    write_lines([f"{len(jobs) - len(failures)} of {len(jobs)} trainings are done"])
    return FAILED if failures else None


def _attempt(config: Mapping[str, Any]) -> str | None:
    """Do one training as a job; return why it could not be done."""
    from syncfusion.errors import InputError

    try:
        _train(config)
    except InputError as error:
        return str(error)
    return None


def _reason(job: Any) -> str | None:
    """Wait for a job, of one task or several, and return why it failed; None if it did not."""
    if job.exception() is not None:
        return f"its job broke off; see {job.paths.stderr}"
    return next((reason for reason in job.results() if reason is not None), None)
