"""The steps of training the compact models: all three from clips, or the sound from own sounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syncfusion.cores import n_cores
from syncfusion.recipe.size import Size
from syncfusion.recipe.steps import JOBS, Job, Step

FRAME_PIXELS = 80  # height and width of the compact detector's frames
SYNTHETIC_WEIGHT = 0.4  # of the detector's examples, relative to 1 for the real clips
WEIGHTS = {"real": 0.65, "synthetic": 0.35}  # of the diffusion model's clips
OWN_RATE = 1e-4  # peak learning rate of a trained model that is resumed; a new one has 5e-4


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to train from, how much, and where to.

    Args:
        size: the numbers.
        output: folder of everything that is made; the preset is in ``preset``.
        clips: folder laid out as Greatest Hits; None for synthetic scenes only.
        sounds: folder of own sounds, instead of clips; None for clips.
        init: folder of the preset with the settings, and the model to train further on own sounds.
        seed: of everything random.
    """

    size: Size
    output: Path
    clips: Path | None
    sounds: Path | None
    init: Path
    seed: int = 0

    @property
    def preset(self) -> Path:
        """Folder of the preset."""
        return self.output / "preset"

    @property
    def synthetic(self) -> Path:
        """Folder of the synthetic scenes, laid out as Greatest Hits."""
        return self.output / "synthetic"

    @property
    def sets(self) -> dict[str, Path]:
        """Folders laid out as Greatest Hits, by the name of the set; the first one validates."""
        real = {} if self.clips is None else {"real": self.clips}
        return real | {"synthetic": self.synthetic}

    def processed(self, name: str) -> Path:
        """Folder of the processed videos of a set."""
        return self.output / "data" / name

    def shards(self, name: str) -> Path:
        """Folder of the shards of a set."""
        return self.output / "data" / "shards" / name

    def run(self, number: int) -> Path:
        """Folder of one round of the diffusion model's training."""
        return self.output / f"diffusion-{number}"

    def steps(self) -> list[Step]:
        """Return all steps, in order; later ones read the files of earlier ones."""
        return self._own_steps() if self.sounds is not None else self._all_steps()

    def _all_steps(self) -> list[Step]:
        scenes = {"output": self.synthetic, "scenes": self.size.scenes, "seed": self.seed}
        scenes["seconds"] = self.size.scene_seconds
        return [
            Step("scenes", [job("make_scenes", scenes)], machine=_workers()),
            *(self._set_step(name, folder) for name, folder in self.sets.items()),
            self._prompt(),
            self._onset(),
            self._calibration(),
            *self._rounds(self.size.rounds, WEIGHTS, self.preset, None),
            self._publication(),
        ]

    def _own_steps(self) -> list[Step]:
        sounds = {"folder": self.sounds, "output": self.shards("own"), "seed": self.seed}
        rounds = self._rounds(self.size.own_rounds, {"own": 1.0}, self.init, self.init)
        return [Step("sounds", [job("pack_sounds", sounds)]), *rounds, self._publication()]

    def _set_step(self, name: str, folder: Path) -> Step:
        clips = {"folder": folder, "processed": self.processed(name), "shards": self.shards(name)}
        prepare = job("prepare_clips", clips | {"pixels": FRAME_PIXELS})
        return Step(f"{name}-clips", [prepare], machine=_workers())

    def _prompt(self) -> Step:
        data = next(iter(self.sets.values()))
        options = {"data": data, "output": self.preset, "seed": self.seed}
        return Step("prompt", [job("train_prompts", options | {"options": dict(self.size.prompt)})])

    def _onset(self) -> Step:
        folder = self.output / "onset"
        weights = {"real": 1.0, "synthetic": SYNTHETIC_WEIGHT if self.clips else 1.0}
        roots = [{"folder": str(self.processed(n)), "weight": weights[n]} for n in self.sets]
        changes = {
            "logger": "csv",
            "seed_everything": self.seed,
            "data.seed": self.seed,
            "trainer.default_root_dir": str(folder),
            "data.roots": roots,
            **self.size.onset,
        }
        fit = job("train_detector", {"config": "onset-compact", "changes": changes})
        best = folder / "checkpoints" / "best.ckpt"
        publish = job("publish", {"output": self.preset, "onset": best})
        last = folder / "checkpoints" / "last.ckpt"
        return Step("onset", [fit, publish], resume=(last, {"changes": {"ckpt_path": "last"}}))

    def _calibration(self) -> Step:
        best = self.output / "onset" / "checkpoints" / "best.ckpt"
        data = self.processed(next(iter(self.sets)))
        options = {"data": data, "checkpoint": best, "output": self.preset}
        return Step("calibration", [job("calibrate", options)], optional=True)

    def _rounds(
        self, rounds: Sequence[int], weights: Mapping[str, float], prompt: Path, init: Path | None
    ) -> list[Step]:
        sets = [name for name in weights if name in (*self.sets, "own")]
        changes = dict(self.size.diffusion)
        if init is not None:
            changes = {k: v for k, v in changes.items() if not k.startswith("model.")}
            changes["training.learning_rate"] = OWN_RATE
        changes |= {
            "prompt": str(prompt),
            "seed": self.seed,
            "data.train": [self._set(name, "train_shard_*.tar", weights[name]) for name in sets],
            "data.validation": [self._set(sets[0], "val_shard_1.tar", 1.0)],
        }
        steps = []
        for number, n_steps in enumerate(rounds, 1):
            start = init if number == 1 else self.run(number - 1) / "checkpoints" / "last.ckpt"
            own = {"steps": n_steps, "output": str(self.run(number))}
            own |= {"init": str(start)} if start else {}
            train = job("train_sound", {"config": "train_compact", "changes": changes | own})
            steps.append(Step(f"diffusion-{number}", [train]))
        return steps

    def _set(self, name: str, shards: str, weight: float) -> dict[str, Any]:
        return {"shards": [str(self.shards(name) / shards)], "weight": weight}

    def _publication(self) -> Step:
        rounds = self.size.rounds if self.sounds is None else self.size.own_rounds
        last = self.run(len(rounds)) / "checkpoints" / "last.ckpt"
        models = {"output": self.preset, "diffusion": last, "rest": self.init}
        return Step("preset", [job("publish", models)])


def job(function: str, arguments: Mapping[str, Any]) -> Job:
    """Return the call of a function of ``recipe.jobs``; paths become text."""
    plain = {k: str(v) if isinstance(v, Path) else v for k, v in arguments.items()}
    return Job(f"{JOBS}:{function}", plain)


def _workers() -> dict[str, int]:
    return {"num_workers": n_cores()}
