"""Where files lie that come with the project: configurations, presets and published weights."""

from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
EXP = CHECKOUT / "exp"  # Hydra's configurations
CHECKPOINTS = CHECKOUT / "checkpoints"  # presets, and the weights that are downloaded
CLAP_WEIGHTS = CHECKPOINTS / "630k-audioset-best.pt"
