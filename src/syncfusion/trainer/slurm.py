"""Jobs of SLURM that are queued again when they are preempted."""

import logging
import os
import signal
import subprocess

import pytorch_lightning as pl
from lightning_fabric.plugins.environments.slurm import SLURMEnvironment

log = logging.getLogger(__name__)


def is_requeue_signal(trainer: pl.Trainer, number: int) -> bool:
    """Return whether a signal is the one by which SLURM announces the end of a job.

    Args:
        trainer: of the run; one with ``SLURMEnvironment(auto_requeue=False)`` is never requeued.
        number: of the signal.

    Returns:
        True for the plugin's ``requeue_signal``, SIGUSR1 where it names none; False outside SLURM.
    """
    environment = trainer._accelerator_connector.cluster_environment
    if not isinstance(environment, SLURMEnvironment) or not environment.auto_requeue:
        return False
    return number == (environment.requeue_signal or signal.SIGUSR1)


def requeue_job() -> None:
    """Let SLURM queue the job again that this process belongs to; report it if it does not."""
    job = os.environ.get("SLURM_JOB_ID", "")
    if "SLURM_ARRAY_JOB_ID" in os.environ:
        job = f"{os.environ['SLURM_ARRAY_JOB_ID']}_{os.environ.get('SLURM_ARRAY_TASK_ID', '')}"
    try:
        ended = subprocess.run(["scontrol", "requeue", job], capture_output=True, text=True)
    except OSError as error:
        log.warning("job %s is not queued again: %s", job, error)
        return
    if ended.returncode:
        log.warning("job %s is not queued again: %s", job, " ".join(ended.stderr.split()))
    else:
        log.warning("job %s is queued again", job)
