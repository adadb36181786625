"""Put trained models into a preset's folder: script/publish.py --onset CKPT --diffusion CKPT."""

import argparse
import shutil
from pathlib import Path

import torch

from syncfusion.checkpoint import load_diffusion, load_onset, save_diffusion, save_onset
from syncfusion.media import temporary_sibling

FILES = ("onset.safetensors", "onset.yaml", "prompt.safetensors", "prompt.json", "preset.yaml")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onset", type=Path, help="Lightning checkpoint of script/onset.py")
    parser.add_argument("--diffusion", type=Path, help="… of script/train_diffusion.py")
    parser.add_argument("--output", type=Path, required=True, help="folder of the preset")
    parser.add_argument("--rest", type=Path, help="preset to take what is still lacking from")
    options = parser.parse_args()
    if options.onset is not None:
        save_onset(load_onset(options.onset), options.output, dtype=torch.float16)
    if options.diffusion is not None:
        save_diffusion(load_diffusion(options.diffusion), options.output, dtype=torch.float16)
    if options.rest is not None:
        for name in FILES:
            if not (options.output / name).is_file():
                with temporary_sibling(options.output / name) as temporary:
                    shutil.copyfile(options.rest / name, temporary)


if __name__ == "__main__":
    main()
