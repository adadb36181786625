"""Train stage 2, the sound of given onsets and prompt, as ``exp/`` says; resumes where it ended."""

import logging
import random
from pathlib import Path

import hydra
import pytorch_lightning as pl
from dotenv import load_dotenv
from hydra.utils import instantiate
from omegaconf import DictConfig, ListConfig

from syncfusion.checkpoint import load_diffusion
from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion.frontend import MdctFrontEnd
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.reference import build_model
from syncfusion.diffusion.sound_model import SoundModel
from syncfusion.errors import InputError
from syncfusion.hits import cut_hits
from syncfusion.media.audio import Waveform
from syncfusion.mixtures import DiffusionData, Group, HitMixtures, group_hits
from syncfusion.prompt.compact import CompactPromptEncoder
from syncfusion.prompt.labels import draw_text, parse_label
from syncfusion.shards.recording import read_recordings

log = logging.getLogger(__name__)


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


def start_from(model: SoundModel, checkpoint: str) -> None:
    """Copy trained weights into a model; parts the checkpoint does not have stay as they are."""
    missing, unexpected = model.load_state_dict(
        load_diffusion(checkpoint).state_dict(), strict=False
    )
    if unexpected:
        raise InputError(f"{checkpoint} holds {unexpected[0]}, which this model has no place for")
    log.info("%s: %d tensors are new: %s", checkpoint, len(missing), ", ".join(missing[:4]))


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
    model = build_model(instantiate(config.model))
    if isinstance(model.front_end, MdctFrontEnd):
        chance = random.Random(config.seed)
        model.front_end.fit([data.streams["train"].draw(chance).waveform[None] for _ in range(64)])
    if config.init is not None:
        start_from(model, config.init)
    training = DiffusionTraining(model, **instantiate(config.training, _convert_="all"))
    last = Path(config.output) / "checkpoints" / "last.ckpt"
    trainer: pl.Trainer = instantiate(config.trainer)
    trainer.fit(training, data, ckpt_path=str(last) if last.exists() else None)


if __name__ == "__main__":
    load_dotenv()
    main()
