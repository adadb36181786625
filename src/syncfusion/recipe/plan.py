"""The steps of training the compact models: all three from clips, or the sound from own sounds."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syncfusion.recipe.size import Size
from syncfusion.recipe.steps import Command, Step

FRAME_PIXELS = 80  # height and width of the frames that the compact detector sees
SYNTHETIC_SHARE = 0.4  # of the detector's examples, relative to 1 for the real clips
SHARES = {"real": 0.65, "synthetic": 0.35}  # of the clips that the diffusion model hears
OWN_RATE = 1e-4  # peak learning rate of a trained model going on; a new one has 5e-4


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to train from, how much, and where to.

    Args:
        size: the numbers.
        output: folder of everything that is made; the preset is in ``preset``.
        clips: folder laid out as Greatest Hits; None for synthetic scenes alone.
        sounds: folder of own sounds, instead of clips; None for clips.
        init: folder of the preset that own sounds go on from, and whose settings are taken.
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
        """Folders laid out as Greatest Hits, by the name of the set; the first one judges."""
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
        """Return all steps, in order; what each leaves is what a later one takes."""
        return self._own_steps() if self.sounds is not None else self._all_steps()

    def _all_steps(self) -> list[Step]:
        scenes = ("-m", "syncfusion", "synthesize", "--output", str(self.synthetic))
        scenes += ("--scenes", str(self.size.scenes), "--seconds", str(self.size.scene_seconds))
        scenes += ("--seed", str(self.seed))
        workers = ("--num_workers", str(len(os.sched_getaffinity(0))))
        rounds = self._rounds(self.size.rounds, SHARES, self.preset, None)
        sets = [self._set_step(name, folder) for name, folder in self.sets.items()]
        models = [self._prompt(), self._onset(), self._calibration()]
        return [
            Step("scenes", [scenes], machine=workers),
            *sets,
            *models,
            *rounds,
            self._publication(),
        ]

    def _own_steps(self) -> list[Step]:
        shards = ("script/own_sounds.py", str(self.sounds), "--output", str(self.shards("own")))
        rounds = self._rounds(self.size.own_rounds, {"own": 1.0}, self.init, self.init)
        listed = Step("sounds", [(*shards, "--seed", str(self.seed))])
        return [listed, *rounds, self._publication()]

    def _set_step(self, name: str, folder: Path) -> Step:
        videos, processed = ("-iv", str(folder / "videos")), ("-o", str(self.processed(name)))
        size = ("-vw", str(FRAME_PIXELS), "-vh", str(FRAME_PIXELS), "--audio_bitdepth", "16")
        times, lists = ("-it", str(folder / "times")), ("--from_lists", str(folder))
        commands: list[Command] = [
            ("script/gh_preprocess_videos.py", *videos, *processed, *size),
            ("script/gh_preprocess_annotations.py", *times, *processed),
            ("script/gh_preprocess_split.py", *videos, *lists, *processed),
            ("-m", "syncfusion", "shards", processed[1], "--output", str(self.shards(name))),
        ]
        return Step(f"{name}-clips", commands)

    def _prompt(self) -> Step:
        options = {"data": next(iter(self.sets.values())), "output": self.preset}
        settings = {**options, **self.size.prompt, "seed": self.seed}
        return Step("prompt", [("script/train_prompt.py", *_options(settings))], has_figures=True)

    def _onset(self) -> Step:
        folder = self.output / "onset"
        shares = {"real": 1.0, "synthetic": SYNTHETIC_SHARE if self.clips else 1.0}
        roots = [{"folder": str(self.processed(n)), "share": shares[n]} for n in self.sets]
        settings = {
            "logger": "csv",
            "seed_everything": self.seed,
            "data.seed": self.seed,
            "trainer.default_root_dir": folder,
            "data.roots": json.dumps(roots),
            **self.size.onset,
        }
        fit = ("script/onset.py", "fit", "-c", "cfg/onset-compact.yaml", *_options(settings))
        best = str(folder / "checkpoints" / "best.ckpt")
        publish = ("script/publish.py", "--onset", best, "--output", str(self.preset))
        last = folder / "checkpoints" / "last.ckpt"
        return Step("onset", [fit, publish], resume=(last, ("--ckpt_path", "last")))

    def _calibration(self) -> Step:
        best = self.output / "onset" / "checkpoints" / "best.ckpt"
        data = ("--data", str(self.processed(next(iter(self.sets)))))
        options = (*data, "--checkpoint", str(best), "--output", str(self.preset))
        return Step(
            "calibration",
            [("script/calibrate_onset.py", *options)],
            optional=True,
            has_figures=True,
        )

    def _rounds(
        self, rounds: Sequence[int], shares: Mapping[str, float], prompt: Path, init: Path | None
    ) -> list[Step]:
        sets = [name for name in shares if name in (*self.sets, "own")]
        train = [_hydra_set(self.shards(n) / "train_shard_*.tar", shares[n]) for n in sets]
        settings = dict(self.size.diffusion)
        if init is not None:
            settings = {k: v for k, v in settings.items() if not k.startswith("model.")}
            settings["training.learning_rate"] = OWN_RATE
        settings |= {
            "prompt": _quoted(prompt),
            "seed": self.seed,
            "data.train": f"[{', '.join(train)}]",
            "data.validation": f"[{_hydra_set(self.shards(sets[0]) / 'val_shard_1.tar', 1.0)}]",
        }
        steps = []
        for number, n_steps in enumerate(rounds, 1):
            start = init if number == 1 else self.run(number - 1) / "checkpoints" / "last.ckpt"
            own = {"steps": n_steps, "output": _quoted(self.run(number))}
            own |= {"init": _quoted(start)} if start else {}
            words = [f"{key}={_plain(value)}" for key, value in (settings | own).items()]
            steps.append(Step(f"diffusion-{number}", [("script/train_diffusion.py", *words)]))
        return steps

    def _publication(self) -> Step:
        rounds = self.size.rounds if self.sounds is None else self.size.own_rounds
        last = self.run(len(rounds)) / "checkpoints" / "last.ckpt"
        place = ("--output", str(self.preset), "--rest", str(self.init))
        return Step("preset", [("script/publish.py", "--diffusion", str(last), *place)])


def _options(settings: Mapping[str, Any]) -> list[str]:
    return [word for key, value in settings.items() for word in (f"--{key}", str(value))]


def _quoted(path: Path) -> str:
    """Return a path as Hydra reads it, whatever characters are in it."""
    if re.fullmatch(r"[\w/.*-]+", str(path), re.ASCII):
        return str(path)
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _hydra_set(shards: Path, share: float) -> str:
    return f"{{shards: [{_quoted(shards)}], share: {share}}}"


def _plain(value: Any) -> str:
    return "null" if value is None else str(value)
