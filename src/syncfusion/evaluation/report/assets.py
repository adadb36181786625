"""The page's media: embedded as data, or in a folder beside the page if they are too large."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from syncfusion.media import temporary_sibling

EMBED_LIMIT = 48 * 2**20  # bytes of media; as base64 they make a page of 64 MiB
KINDS = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".webp": "image/webp"}
OURS = re.compile(r"[0-9a-f]{16}\.(mp4|m4a|webp)")


class AssetStore:
    """Returns the address of each media file of a page.

    Args:
        files: all media files of the page.
        page: file of the page. If the media exceed ``EMBED_LIMIT`` bytes, they are copied to
            ``<its stem>_media`` beside it.
    """

    def __init__(self, files: Iterable[Path], page: Path) -> None:
        self.n_bytes = sum(file.stat().st_size for file in files)
        self.folder = page.absolute().with_name(f"{page.stem}_media")
        self.is_inside = self.n_bytes <= EMBED_LIMIT
        self._used: set[str] = set()

    def address(self, file: Path) -> str:
        """Return a file as a data URI, or copy it beside the page and return a relative link."""
        content = file.read_bytes()
        if self.is_inside:
            return f"data:{KINDS[file.suffix]};base64,{base64.b64encode(content).decode()}"
        name = hashlib.sha256(content).hexdigest()[:16] + file.suffix
        self._used.add(name)
        with temporary_sibling(self.folder / name) as temporary:
            temporary.write_bytes(content)
        return f"{self.folder.name}/{name}"

    def tidy(self) -> None:
        """Remove files that an earlier page of this name left in the folder."""
        if self.folder.is_dir():
            for file in self.folder.iterdir():
                if OURS.fullmatch(file.name) and file.name not in self._used:
                    file.unlink()
            if not any(self.folder.iterdir()):
                self.folder.rmdir()
