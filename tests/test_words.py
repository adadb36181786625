"""One word for one thing: words that are not used in the package, and the field's word for each.

Names, docstrings, comments and messages are read; a word stands for its parts in names too, so
``wanted`` is found in ``n_wanted``. Published names keep theirs, see ``ALLOWED``.
"""

import io
import re
import tokenize
from collections.abc import Iterator

from helpers.places import REPOSITORY

WORDS = {  # pattern: what to say instead
    "figures?": "metric (of a number measured)",
    "wanted": "reference, or requested",
    "heard|hears": "estimate, or detected",
    "told|tells?": "reported, given, configured",
    "says?|asks?|asked|speaks": "the verb of the computation: returns, requires, reads",
    "letter groups?": "character n-grams",
    "patience_seconds": "timeout_seconds",
    "chance": "generator (torch) or rng (numpy, random)",
    "recomputed?|economi[sz]e": "activation checkpointing",
    "side_by_side|lay_out|laid_out": "channels_last",
    "modulation": "AdaLN",
    "smear(ed)?": "target widening",
    "scanning": "sliding window",
    "last level": "final noise level",
    "(ring|rung) out": "decay gate",
    "without clicks": "edge fades",
    "endless sets?": "Fréchet infinity",
    "prompt agreement": "CLAP score, prompt similarity",
    "commonest": "majority baseline",
    "judged?|makers?|shelf": "scorer, renderer, asset store",
}
ALLOWED = {  # file: its words, and the reason; this list only shrinks
    "checkpoint/keys.py": {"modulation"},  # a part of the U-Net, by its key in checkpoints
    "diffusion/reference.py": {"modulation"},  # audio-diffusion-pytorch's name
    "diffusion/stages.py": {"modulation", "recomputed"},  # the key; activations are computed anew
    "diffusion/unet.py": {"recompute"},  # activations, in the backward pass
    "evaluation/detector/picture.py": {"figure"},  # matplotlib's
    "evaluation/picture.py": {"figure"},  # matplotlib's
    "evaluation/report/svg.py": {"figure"},  # matplotlib's
    "prompt/compact/retrieval.py": {"chance"},  # the score of guessing
    "shards/tars.py": {"tell"},  # a file's method
    "training/diffusion.py": {"recompute", "recomputed"},  # activations, in the backward pass
}
PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_+")
PATTERN = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


def texts(source: str) -> Iterator[str]:
    """Yield the names, strings and comments of a module, as they are and in words."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT):
            yield from {token.string, PARTS.sub(" ", token.string)}


def used(source: str) -> set[str]:
    """Return the words of the list that a module uses."""
    text = "\n".join(set(texts(source)))
    return {match[0].lower() for match in PATTERN.finditer(text)}


def test_words_that_have_another_word_are_not_used():
    package = REPOSITORY / "src" / "syncfusion"
    found = {
        str(path.relative_to(package)): used(path.read_text()) for path in package.rglob("*.py")
    }
    others = {name: words - ALLOWED.get(name, set()) for name, words in found.items()}
    assert {name: words for name, words in others.items() if words} == {}, "WORDS says what is used"


def test_the_list_of_what_is_allowed_names_files_that_are_there():
    missing = [name for name in ALLOWED if not (REPOSITORY / "src" / "syncfusion" / name).is_file()]
    assert missing == []


def test_words_are_found_in_names_comments_and_docstrings():
    assert used("n_wanted = 1") == {"wanted"}
    assert used('def f():\n    """Ring out."""') == {"ring out"}
    assert used("patience_seconds = 3") == {"patience_seconds"}
    assert used("x = SetFigure()  # smeared") == {"figure", "smeared"}
    assert used("metric = 1") == set()
