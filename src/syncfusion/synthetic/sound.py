"""Impact sounds by modal synthesis: struck modes, contact noise, grains, bubbles, a room.

A struck body is a sum of decaying sines (van den Doel, Kry and Pai, "FoleyAutomatic", 2001): the
material sets frequencies and decay times, the place of the hit the modes' amplitudes, and its
strength both the amplitude and the bandwidth of the excitation. All signals are 48 kHz mono.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from scipy.signal import fftconvolve
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.synthetic.materials import TIMBRES, Timbre
from syncfusion.synthetic.scene import Event
from syncfusion.synthetic.sounding import Sounding
from syncfusion.timing import sample_index

SIXTY_DECIBELS = math.log(1000.0)
LOUDEST = 0.9  # of full scale
RINGING, NOISES = 1, 2  # purposes, see ``Scene.rng``

Samples = Float[np.ndarray, " time"]


def hit_sound(material: str, strength: float, rng: np.random.Generator, *, body: int) -> Samples:
    """Return one hit, starting at its onset.

    Args:
        material: one of ``constants.MATERIALS``.
        strength: 0 to 1; harder is louder and brighter.
        rng: random generator for the place of the hit and its noise.
        body: seed of the struck body; equal seeds give equal modes.

    Returns:
        Samples with a peak of about ``strength`` to the power 1.5, at most ``LOUDEST``.
    """
    timbre = TIMBRES[material]
    parts = [_contact(timbre, strength, rng)]
    if timbre.n_modes:
        parts.append(_modes(timbre, strength, rng, body))
    if timbre.grains:
        parts.append(_grains(timbre, strength, rng))
    if timbre.bubbles:
        parts.append(_bubbles(timbre, rng))
    return _scaled(_sum(parts), strength)


def scratch_sound(
    material: str, strength: float, seconds: float, rng: np.random.Generator, *, body: int
) -> Samples:
    """Return one scratch stroke, starting at its onset.

    Args:
        material: one of ``constants.MATERIALS``.
        strength: 0 to 1; harder is louder.
        seconds: duration of the stroke.
        rng: random generator for the surface's roughness and colour.
        body: seed of the scratched body; equal seeds give equal modes.

    Returns:
        Samples with a lower peak than a hit's; the modes ring after the stroke ends.
    """
    timbre = TIMBRES[material]
    n_samples = max(sample_index(seconds, SAMPLE_RATE), 2)
    time = np.arange(n_samples) / SAMPLE_RATE
    rubbing = _noise(n_samples, rng.uniform(*timbre.colour), 2.5, rng)
    roughness = np.abs(_noise(n_samples, rng.uniform(30, 120), 2.0, rng))
    speed = np.sin(math.pi * time / seconds)  # of a stroke that rests at both ends
    catch = np.exp(-time / 0.025)  # the tip sticks, then slips
    attack = np.minimum(time / 0.002, 1) * np.minimum((seconds - time) / 0.01, 1)
    stroke = rubbing * (0.3 + 0.7 * roughness) * (0.45 * speed + 0.55 * catch) * attack
    if timbre.n_modes:
        ringing = fftconvolve(stroke, _modes(timbre, 0.5, rng, body)[: SAMPLE_RATE // 4])
        stroke = _sum([_unit(stroke), 0.8 * _unit(ringing)])
    return 0.6 * _scaled(stroke, strength)


def dry_sound(scene: Sounding) -> Samples:
    """Return the sound of a scene's contacts at their exact samples, without room and noise."""
    rng = scene.rng(RINGING)
    track = np.zeros(sample_index(scene.config.seconds, SAMPLE_RATE))
    bodies = {material: int(rng.integers(2**31)) for material in TIMBRES}
    for event in scene.events:
        sound = _event_sound(event, rng, bodies[event.material])
        start = sample_index(event.time, SAMPLE_RATE)
        track[start : start + len(sound)] += sound[: len(track) - start]
    return track


def scene_sound(scene: Sounding) -> Float[Tensor, "1 time"]:
    """Return a scene's sound: contacts in a small room plus faint noise, never clipped."""
    rng, dry = scene.rng(NOISES), dry_sound(scene)
    room = _room(float(rng.uniform(0.05, 0.4)), rng)
    wet = fftconvolve(dry, room)[: len(dry)]
    rms = 10 ** (rng.uniform(-66, -54) / 20)
    hiss = rms * _noise(len(dry), rng.uniform(150, 800), 5.0, rng)
    mixed = dry + float(rng.uniform(0.02, 0.25)) * wet + hiss
    mixed *= min(1.0, LOUDEST / np.max(np.abs(mixed)))
    return torch.from_numpy(mixed[None].astype(np.float32))


def _event_sound(event: Event, rng: np.random.Generator, body: int) -> Samples:
    if event.action == "hit":
        return hit_sound(event.material, event.strength, rng, body=body)
    return scratch_sound(event.material, event.strength, event.seconds, rng, body=body)


def _modes(timbre: Timbre, strength: float, rng: np.random.Generator, body: int) -> Samples:
    """Sum the body's decaying modes; high ones decay sooner."""
    shape = np.random.default_rng(body)
    lowest, ring = shape.uniform(*timbre.pitch), shape.uniform(*timbre.ring)
    steps = np.sort(shape.uniform(0, 1, timbre.n_modes))
    steps[0] = 0.0
    frequencies = np.minimum(lowest * timbre.spread**steps, 0.45 * SAMPLE_RATE)
    decays = ring * (lowest / frequencies) ** timbre.damping
    reach = 600 + 9000 * strength  # Hz; a hard, short contact excites high modes
    place = rng.uniform(0.1, 0.9)
    amplitudes = np.abs(np.sin(math.pi * place * np.arange(1, timbre.n_modes + 1)))
    amplitudes = (0.2 + amplitudes) * np.exp(-frequencies / reach)
    time = np.arange(sample_index(1.1 * ring, SAMPLE_RATE)) / SAMPLE_RATE
    sound = np.zeros_like(time)
    for frequency, decay, amplitude in zip(frequencies, decays, amplitudes, strict=True):
        n_audible = min(sample_index(1.1 * decay, SAMPLE_RATE), len(time))
        t = time[:n_audible]
        sound[:n_audible] += amplitude * np.sin(2 * math.pi * frequency * t) * _decay(t, decay)
    return _unit(sound)


def _contact(timbre: Timbre, strength: float, rng: np.random.Generator) -> Samples:
    decay = rng.uniform(*timbre.burst)
    time = np.arange(sample_index(1.2 * decay, SAMPLE_RATE)) / SAMPLE_RATE
    centre = rng.uniform(*timbre.colour) * (0.6 + 0.4 * strength)
    burst = _noise(len(time), centre, 1.6, rng) * _decay(time, decay)
    return timbre.noise * _unit(burst * np.minimum(time / 0.0005, 1))


def _grains(timbre: Timbre, strength: float, rng: np.random.Generator) -> Samples:
    """Add small impacts at random times, most and loudest at first."""
    sound = np.zeros(sample_index(1.5 * timbre.scatter, SAMPLE_RATE))
    for _ in range(round(timbre.grains * (0.5 + 0.5 * strength))):
        start = sample_index(min(rng.exponential(0.35), 1) * timbre.scatter, SAMPLE_RATE)
        decay = rng.uniform(0.002, 0.012)
        time = np.arange(sample_index(decay, SAMPLE_RATE)) / SAMPLE_RATE
        grain = _noise(len(time), rng.uniform(*timbre.colour), 1.2, rng) * _decay(time, decay)
        amplitude = rng.exponential(0.5) * math.exp(-1.5 * start / len(sound))
        sound[start : start + len(time)] += amplitude * grain[: len(sound) - start]
    return 0.7 * _unit(sound)


def _bubbles(timbre: Timbre, rng: np.random.Generator) -> Samples:
    """Add bubbles: decaying sines of rising pitch (Minnaert 1933)."""
    sound = np.zeros(sample_index(0.7, SAMPLE_RATE))
    for _ in range(timbre.bubbles):
        start = sample_index(min(rng.exponential(0.12), 0.5), SAMPLE_RATE)
        decay, pitch = rng.uniform(0.03, 0.12), rng.uniform(400, 2200)
        time = np.arange(sample_index(decay, SAMPLE_RATE)) / SAMPLE_RATE
        phase = 2 * math.pi * pitch * (time + rng.uniform(0.5, 3) * time**2)
        sound[start : start + len(time)] += (
            rng.exponential(0.5) * np.sin(phase) * _decay(time, decay)
        )
    return 0.8 * _unit(sound)


def _room(seconds: float, rng: np.random.Generator) -> Samples:
    time = np.arange(sample_index(seconds, SAMPLE_RATE)) / SAMPLE_RATE
    echoes = _noise(len(time), 900, 4.0, rng) * _decay(time, seconds)
    return echoes * np.minimum(time / 0.005, 1) / np.sqrt(np.sum(echoes**2))


def _noise(n_samples: int, centre: float, octaves: float, rng: np.random.Generator) -> Samples:
    """Return noise of unit RMS, a bell of the given width about ``centre`` Hz on a log axis."""
    n_padded = (
        1 << max(n_samples - 1, 1024).bit_length()
    )  # a fast FFT, with enough bins for short noise
    spectrum = np.fft.rfft(rng.standard_normal(n_padded))
    frequencies = np.maximum(np.fft.rfftfreq(n_padded, 1 / SAMPLE_RATE), 10.0)
    spectrum *= np.exp(-0.5 * (np.log2(frequencies / centre) / (octaves / 2)) ** 2)
    noise = np.fft.irfft(spectrum)
    return noise[:n_samples] / np.sqrt(np.mean(noise**2))


def _decay(time: Samples, seconds: float) -> Samples:
    return np.exp(-SIXTY_DECIBELS * time / seconds)


def _unit(sound: Samples) -> Samples:
    return sound / max(float(np.max(np.abs(sound))), 1e-9)


def _scaled(sound: Samples, strength: float) -> Samples:
    return LOUDEST * max(strength, 0.05) ** 1.5 * _unit(sound)


def _sum(parts: Sequence[np.ndarray]) -> Samples:
    """Add signals that start together; the sum is as long as the longest."""
    total = np.zeros(max(map(len, parts)))
    for part in parts:
        total[: len(part)] += part
    return total
