"""Where the repository's files are."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
BUNDLED = REPOSITORY / "checkpoints" / "compact"
SAMPLE = REPOSITORY / "data" / "sample" / "sample.mp4"
DIFFUSION_CONTRACT = REPOSITORY / "tests" / "data" / "diffusion_checkpoint_shapes.json"
ONSET_CONTRACT = REPOSITORY / "tests" / "data" / "onset_checkpoint_shapes.json"
