"""CLAP's tokenizer, roberta-base's byte-level BPE, from two small files."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.prompt.clap.sources import (
    ALL_IN_ONE,
    FOLDER,
    IN_PARTS,
    REPOSITORIES,
    TOKENIZER_SOURCE,
)
from syncfusion.prompt.vocabulary import read_prompt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)

MAX_TOKENS = 77  # a text's length, padded or cut to; laion_clap.hook
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")  # ids 0 to 3
PUBLISHED_TOKENS = 50_265
KNOWN_TEXT, KNOWN_IDS = "Hello world", [0, 31414, 232, 2]  # transformers, RobertaTokenizer


class Tokens(NamedTuple):
    """Token ids of texts, and 1 where an id is no padding."""

    token_ids: Int[Tensor, "batch token"]
    mask: Int[Tensor, "batch token"]


class ClapTokenizer:
    """Splits texts into tokens as CLAP was trained to.

    Args:
        tokenizer: knows the special tokens; its truncation and padding are set here.
    """

    def __init__(self, tokenizer: "Tokenizer") -> None:
        self._tokenizer = tokenizer
        pad = SPECIAL.index("<pad>")
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding(length=MAX_TOKENS, pad_id=pad, pad_token=SPECIAL[pad])

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size()

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """Return the first 77 tokens of each text.

        Args:
            texts: one or more, of at most 1000 characters.

        Returns:
            Ids and mask of 77 tokens per text.

        Raises:
            InputError: if a text has no words or is too long.
        """
        for text in texts:
            read_prompt(text)  # refuses what has no words
        rows = self._tokenizer.encode_batch(list(texts))
        for text, row in zip(texts, rows, strict=True):
            if row.overflowing:
                log.warning("of the prompt %r… only the first %d tokens count", text[:40], len(row))
        return Tokens(
            torch.tensor([row.ids for row in rows]),
            torch.tensor([row.attention_mask for row in rows]),
        )

    def token_ids(self, text: str) -> list[int]:
        """Return the ids of one text, those of its begin and end included, without padding."""
        row = self._tokenizer.encode(text)
        return row.ids[: sum(row.attention_mask)]

    def has_special_tokens(self) -> bool:
        """Return whether the special tokens have the ids that the text net expects."""
        return [self._tokenizer.token_to_id(token) for token in SPECIAL] == [0, 1, 2, 3]


def tokenizer_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return where the tokenizer's files are, or the first place for them if there are none.

    Args:
        folder: holds ``tokenizer.json``, or ``vocab.json`` and ``merges.txt``; None for
            ``checkpoints/roberta-base`` and then the cache of the Hugging Face hub.

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
        n_tokens: size of the text net's vocabulary.

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
    if not (tokenizer.has_special_tokens() and _distinguishes(tokenizer)):
        raise _unusable(files, "does not split texts as roberta-base's does")
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


def _distinguishes(tokenizer: ClapTokenizer) -> bool:
    """Return whether different texts have different ids; an empty tokenizer fails this."""
    if len(tokenizer) == PUBLISHED_TOKENS:
        return tokenizer.token_ids(KNOWN_TEXT) == KNOWN_IDS
    first, second = tokenizer.token_ids("metal hit"), tokenizer.token_ids("wood scratch")
    return first != second and SPECIAL.index("<unk>") not in first + second


def _unusable(files: tuple[Path, ...], problem: str) -> InputError:
    names = " and ".join(path.name for path in files)
    return InputError(
        f"CLAP's tokenizer in {files[0].parent} {problem}; "
        f"put {names} from {TOKENIZER_SOURCE} there"
    )
