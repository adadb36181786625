"""Train stage 2, the sound of given onsets and prompt, as ``exp/`` says; resumes where it ended."""

import random
from pathlib import Path

import hydra
import pytorch_lightning as pl
from dotenv import load_dotenv
from hydra.utils import instantiate
from omegaconf import DictConfig, ListConfig

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion.frontend import MdctFrontEnd
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.hits import cut_hits
from syncfusion.media.audio import Waveform
from syncfusion.mixtures import DiffusionData, Group, HitMixtures, group_hits
from syncfusion.preprocess.shards import read_recordings
from syncfusion.prompt.compact import CompactPromptEncoder
from syncfusion.prompt.labels import draw_text, parse_label


def read_groups(shards: list[str], encoder: CompactPromptEncoder) -> list[Group]:
    """Cut the hits of some shards, embed and group them."""
    hits = [
        hit
        for recording in read_recordings(shards)
        for hit in cut_hits(recording.waveform, recording.track, recording.name)
    ]
    return group_hits(
        hits,
        lambda hits: encoder.embed_sounds([Waveform(h.samples[None], SAMPLE_RATE) for h in hits]),
    )


def build_stream(
    config: DictConfig, sets: ListConfig, length: int | None, encoder: CompactPromptEncoder
) -> HitMixtures:
    """Make the stream of random clips from one or more sets of shards, each with its share."""
    groups, weights = [], []
    for part in sets:
        found = read_groups(list(part.shards), encoder)
        groups += found
        weights += [part.share / len(found)] * len(found)
    mixture = instantiate(config.data.mixture)
    embed = encoder.embed_texts
    return HitMixtures(groups, weights, mixture, embed, write_prompt, config.seed, length)


def write_prompt(label: str, chance: random.Random) -> str:
    """Write a text prompt for a label."""
    return draw_text(parse_label(label), chance)


@hydra.main(version_base=None, config_path="../exp", config_name="train_compact")
def main(config: DictConfig) -> None:
    """Build everything from the configuration, then train."""
    pl.seed_everything(config.seed, workers=True)
    encoder = CompactPromptEncoder.load(config.prompt)
    data = DiffusionData(
        build_stream(config, config.data.train, None, encoder),
        build_stream(config, config.data.validation, config.data.validation_clips, encoder),
        config.data.batch_size,
        config.data.num_workers,
    )
    model = DiffusionModel(instantiate(config.model))
    if isinstance(model.front_end, MdctFrontEnd):
        chance = random.Random(config.seed)
        model.front_end.fit([data.streams["train"].draw(chance).waveform[None] for _ in range(64)])
    training = DiffusionTraining(model, **instantiate(config.training, _convert_="all"))
    last = Path(config.output) / "checkpoints" / "last.ckpt"
    trainer: pl.Trainer = instantiate(config.trainer)
    trainer.fit(training, data, ckpt_path=str(last) if last.exists() else None)


if __name__ == "__main__":
    load_dotenv()
    main()
