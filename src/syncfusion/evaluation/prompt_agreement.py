"""Prompt agreement: is the sound the one that was asked for?"""

from torch.nn import functional

from syncfusion.media import Waveform
from syncfusion.prompt import PromptEncoder


def prompt_agreement(encoder: PromptEncoder, prompt: str | Waveform, sound: Waveform) -> float:
    """Return the cosine between a prompt's embedding and a sound's (with CLAP: the CLAP score).

    Args:
        encoder: whose embeddings are compared; figures of two encoders are not comparable.
        prompt: the text or the reference sound the sound was made from.
        sound: what was made.

    Returns:
        -1 to 1.

    Raises:
        InputError: if the sound is empty or silent, or the prompt is.
    """
    wanted, made = encoder.embed(prompt), encoder.embed(sound)
    return float(functional.cosine_similarity(wanted, made, dim=0))
