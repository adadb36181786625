"""What stands behind the mock of the studio's server: a project, its sounds, its jobs."""

import hashlib
import io
import queue
import threading
import time
from typing import Any

import numpy as np
import soundfile

RATE, FPS = 48_000, 30
ATTACK = 480  # sample of a take that falls on its event


def take_key(event: str, seed: int, prompt: str) -> str:
    return hashlib.sha256(f"{event} {seed} {prompt}".encode()).hexdigest()


def take_samples(key: str) -> np.ndarray:
    """A short decaying noise whose level and length depend on the key."""
    rng = np.random.default_rng(int(key[:8], 16))
    length = RATE // 4 + int(key[0], 16) * 1000
    decay = np.exp(-np.arange(length) / RATE / 0.05)
    sound = rng.normal(size=length) * decay * (0.1 + int(key[1], 16) / 40)
    return np.clip(np.concatenate([np.zeros(ATTACK), sound]), -1, 1)


def room_response() -> np.ndarray:
    """The direct sound, and two reflections."""
    response = np.zeros(RATE // 4)
    response[[0, 1200, 7200]] = 0.75, 0.5, -0.25
    return response


def wav_bytes(samples: np.ndarray) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def curve_of(events: list[dict[str, Any]], duration: float) -> dict[str, list[float]]:
    """A low floor with a bump of each detected event's confidence, and three weak ones."""
    times = np.arange(int(duration * FPS)) / FPS
    curve = np.full(len(times), 0.01)
    weak = [(duration * part, 0.2) for part in (0.31, 0.52, 0.83)]
    for at, height in [(event["time"], event["confidence"]) for event in events] + weak:
        near = slice(max(0, int((at - 0.3) * FPS)), int((at + 0.3) * FPS) + 1)
        bump = height * np.exp(-(((times[near] - at) * 20) ** 2))
        curve[near] = np.maximum(curve[near], bump)
    return {"times": times.tolist(), "probabilities": curve.tolist(), "cuts": [duration / 2]}


class MockStudio:
    """The state behind the mock: what a test reads and sets."""

    def __init__(self, n_events: int = 6, duration: float = 8.0, rendered: bool = True) -> None:
        self.listeners: list[queue.Queue[dict[str, Any]]] = []
        self.lock = threading.Lock()
        self.given = (n_events, duration, rendered)
        self.revision = 0
        self.reset()

    def reset(self) -> None:
        """Begin with the project again, as a new revision."""
        n_events, duration, rendered = self.given
        rng = np.random.default_rng(1)
        times = (np.arange(n_events) + 0.5) * duration / n_events
        times = np.round(times * FPS) / FPS
        self.events = [
            self._event(n, float(t), float(rng.uniform(0.4, 1)), rendered)
            for n, t in enumerate(times)
        ]
        groups = [{"id": "g1", "name": "wood", "prompt": "wood hit", "color": 0}]
        groups.append({"id": "g2", "name": "metal", "prompt": "metal hit", "color": 1})
        self.project: dict[str, Any] = {
            "version": 1, "name": "clip", "video": "clip.mp4", "duration": duration,
            "frame_rate": [FPS, 1], "start_timecode": "01:00:00:00", "threshold": 0.32,
            "minimum_gap": 0.2, "groups": groups, "events": self.events,
        }  # fmt: skip
        self.revision += 1
        self.curve = curve_of(self.events, duration)
        self.jobs: list[dict[str, Any]] = []
        self.diff: dict[str, Any] = {"added": [], "moved": [], "deleted": [], "changed": []}
        self.render_seconds = 0.05
        self.cancelled: set[str] = set()

    @staticmethod
    def _event(n: int, at: float, confidence: float, rendered: bool) -> dict[str, Any]:
        key = take_key(f"e{n + 1}", n, "wood hit")
        group = "g2" if n % 3 == 2 else "g1"
        event = {"id": f"e{n + 1}", "time": at, "group": group, "confidence": confidence, "seed": n}
        taken = {"take": key, "takes": [key]} if rendered else {}
        return event | taken | {"origin": "detected"}

    def save(self, project: dict[str, Any], revision: int) -> tuple[int, dict[str, Any]]:
        with self.lock:
            if revision != self.revision:
                message = "The project was edited elsewhere."
                return 409, {"message": message, "project": self.project, "revision": self.revision}
            self.project, self.revision = project, revision + 1
            return 200, {"revision": self.revision}

    def tell(self, message: dict[str, Any]) -> None:
        for listener in list(self.listeners):
            listener.put(message)

    def start(self, kind: str, request: dict[str, Any]) -> str:
        job = {
            "type": "job",
            "id": f"j{len(self.jobs) + 1}",
            "kind": kind,
            "state": "queued",
            "stage": "",
        }
        job |= {"done": 0, "total": 0, "seconds_left": None, "message": "", "result": None}
        self.jobs.append(job)
        threading.Thread(target=self._work, args=(job, request), daemon=True).start()
        return job["id"]

    def _work(self, job: dict[str, Any], request: dict[str, Any]) -> None:
        ids = request.get("events", [None])
        for done in range(len(ids)):
            rest = (len(ids) - done) * self.render_seconds
            job |= {"state": "running", "stage": "takes", "done": done, "total": len(ids)}
            self.tell(job | {"seconds_left": rest})
            time.sleep(self.render_seconds)
            if job["id"] in self.cancelled:
                return self.tell(job | {"state": "cancelled"})
        self.tell(
            job | {"state": "done", "done": len(ids), "result": self._result(job["kind"], request)}
        )
        return None

    def _result(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        if kind == "import":
            return {"diff": self.diff, "events": []}
        if kind == "reference":
            return {"name": "knock.wav", "seconds": 1.0}
        if kind == "export":
            return {
                "files": [{"name": f"clip.{name}", "bytes": 1234} for name in request["formats"]]
            }
        takes = {}
        known = {event["id"]: event for event in self.project["events"]}
        prompts = {group["id"]: group["prompt"] for group in self.project["groups"]}
        for id in request.get("events", []):
            event = known[id]
            seed = event.get("seed", 0) + (
                1000 + len(event["takes"]) if request.get("new_take") else 0
            )
            prompt = event.get("prompt") or prompts[event["group"]]
            takes[id] = {"key": take_key(id, seed, prompt), "seed": seed, "attack": ATTACK}
        return {"takes": takes}

    def original(self) -> np.ndarray:
        """A click at every event."""
        sound = np.zeros(int(self.project["duration"] * RATE), np.float32)
        click = np.exp(-np.arange(2000) / 300) * 0.6
        for event in self.events:
            at = int(event["time"] * RATE)
            sound[at : at + 2000] += click[: len(sound) - at]
        return sound
