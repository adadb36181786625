"""CLAP's tokenizer, roberta-base's byte-level BPE, from two small files."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.places import CLAP_WEIGHTS
from syncfusion.prompt.vocabulary import read_prompt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)

FOLDER = CLAP_WEIGHTS.with_name("roberta-base")
SOURCE = "https://huggingface.co/roberta-base"
REPOSITORIES = ("roberta-base", "FacebookAI/roberta-base")  # its names on the hub, old and new
ALL_IN_ONE, IN_PARTS = ("tokenizer.json",), ("vocab.json", "merges.txt")
MAX_TOKENS = 77  # a text's length, padded or cut to; laion_clap.hook
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")  # numbers 0 to 3
PUBLISHED_TOKENS = 50_265
KNOWN_TEXT, KNOWN_NUMBERS = "Hello world", [0, 31414, 232, 2]  # transformers, RobertaTokenizer


class Tokens(NamedTuple):
    """Texts as numbers of tokens, and 1 where there is one."""

    numbers: Int[Tensor, "batch token"]
    mask: Int[Tensor, "batch token"]


class ClapTokenizer:
    """Cuts texts into tokens as CLAP was trained to.

    Args:
        tokenizer: knows the special tokens.
    """

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size()

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """Return the tokens of texts, the first 77 of each.

        Args:
            texts: one or more, of at most 1000 characters.

        Returns:
            Numbers and mask of 77 tokens per text.

        Raises:
            InputError: if a text has no words or is too long.
        """
        rows = [self._cut(text) for text in texts]
        numbers = torch.full((len(rows), MAX_TOKENS), SPECIAL.index("<pad>"))
        mask = torch.zeros_like(numbers)
        for i, row in enumerate(rows):
            numbers[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
        return Tokens(numbers, mask)

    def numbers(self, text: str) -> list[int]:
        """Return the tokens of one text with those for its begin and end, uncut."""
        return self._tokenizer.encode(text).ids

    def has_special_tokens(self) -> bool:
        """Return whether the special tokens have the numbers that the text net expects."""
        return [self._tokenizer.token_to_id(token) for token in SPECIAL] == [0, 1, 2, 3]

    def _cut(self, text: str) -> list[int]:
        read_prompt(text)  # refuses what has no words
        numbers = self.numbers(text)
        if len(numbers) > MAX_TOKENS:
            log.warning("of the prompt %r… only the first words are heard", text[:40])
            numbers = [*numbers[: MAX_TOKENS - 1], SPECIAL.index("</s>")]
        return numbers


def tokenizer_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return where the tokenizer's files are, or where they should be if they are nowhere.

    Args:
        folder: holds ``tokenizer.json``, or ``vocab.json`` and ``merges.txt``; None to look into
            ``checkpoints/roberta-base`` and the cache of the Hugging Face hub.

    Returns:
        One path or two.
    """
    places = [folder] if folder else [FOLDER, *_cached()]
    for place in places:
        for names in (IN_PARTS, ALL_IN_ONE):
            if all((place / name).is_file() for name in names):
                return tuple(place / name for name in names)
    return tuple(places[0] / name for name in IN_PARTS)


def load_tokenizer(files: tuple[Path, ...], n_tokens: int) -> ClapTokenizer:
    """Read a tokenizer.

    Args:
        files: as ``tokenizer_files`` returns them.
        n_tokens: how many the text net knows.

    Returns:
        The tokenizer.

    Raises:
        InputError: if the files are broken or belong to another text net.
    """
    try:
        tokenizer = ClapTokenizer(_read(files))
    except ModuleNotFoundError:
        raise
    except Exception as error:  # the only class that tokenizers raises
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise _unusable(files, f"cannot be read ({reason})") from error
    if len(tokenizer) != n_tokens:
        raise _unusable(files, f"has {len(tokenizer)} tokens, CLAP's text net {n_tokens}")
    if not (tokenizer.has_special_tokens() and _tells_apart(tokenizer)):
        raise _unusable(files, "does not cut texts as roberta-base's does")
    return tokenizer


def _cached() -> list[Path]:
    from huggingface_hub import try_to_load_from_cache

    found = (
        try_to_load_from_cache(repository, name)
        for repository in REPOSITORIES
        for name in (*ALL_IN_ONE, *IN_PARTS)
    )
    return [Path(path).parent for path in found if isinstance(path, str)]


def _read(files: tuple[Path, ...]) -> "Tokenizer":
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

    names = [str(path) for path in files]
    if len(names) == len(ALL_IN_ONE):
        return Tokenizer.from_file(*names)
    tokenizer = Tokenizer(models.BPE.from_file(*names, unk_token="<unk>"))
    tokenizer.add_special_tokens([*SPECIAL, AddedToken("<mask>", lstrip=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", SPECIAL.index("</s>")), ("<s>", SPECIAL.index("<s>")), add_prefix_space=False
    )
    return tokenizer


def _tells_apart(tokenizer: ClapTokenizer) -> bool:
    """Return whether texts keep apart: an empty tokenizer, for one, makes all of them equal."""
    if len(tokenizer) == PUBLISHED_TOKENS:
        return tokenizer.numbers(KNOWN_TEXT) == KNOWN_NUMBERS
    first, second = tokenizer.numbers("metal hit"), tokenizer.numbers("wood scratch")
    return first != second and SPECIAL.index("<unk>") not in first + second


def _unusable(files: tuple[Path, ...], problem: str) -> InputError:
    names = " and ".join(path.name for path in files)
    return InputError(
        f"CLAP's tokenizer in {files[0].parent} {problem}; put {names} from {SOURCE} there"
    )
