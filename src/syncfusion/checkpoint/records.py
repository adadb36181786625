"""Zenodo's records: the files of each, as its server lists them.

No checksum of these files is pinned here: none is published anywhere but in that server's own
list (md5), and an invented one would be worse than none. What was compared with what is said after
every download (``Remote.assurance``).
"""

import hashlib
import re
from typing import Any, NamedTuple

from syncfusion.checkpoint.https import fetch_json
from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import InputError

ZENODO = "https://zenodo.org/api/records/{record}"
PAGE = "https://zenodo.org/records/{record}"
PLAIN_NAME = re.compile(r"[^/\\\0:]{1,200}")  # of a file: no path, no drive
CHECKSUM = re.compile(r"([a-z0-9_]+):[0-9a-f]+")


class Record(NamedTuple):
    """A record of Zenodo.

    Args:
        number: in its address.
    """

    number: int

    @property
    def page(self) -> str:
        """Address for people."""
        return PAGE.format(record=self.number)

    def files(self) -> list[Remote]:
        """Return the files that the server lists; fails with an ``InputError``."""
        url = ZENODO.format(record=self.number)
        answer = fetch_json(url)
        try:
            return zenodo_files(answer)
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise InputError(
                f"the answer of {url} is not understood ({error!r}); fetch the files by hand"
            ) from error


def zenodo_files(record: Any) -> list[Remote]:
    """Return the files of a record as Zenodo's records API describes it.

    Args:
        record: the answer, in plain values.

    Returns:
        Name, address, size and checksum of each, none of them pinned.

    Raises:
        ValueError: if a name is a path, a size no positive whole number, or a checksum of an
            unknown kind; for what is missing, a ``LookupError`` or ``TypeError``.
    """
    return [_listed(file) for file in record["files"]]


def _listed(file: Any) -> Remote:
    name, size, checksum = file["key"], file["size"], file.get("checksum", "")
    if not PLAIN_NAME.fullmatch(name) or name.startswith("."):
        raise ValueError(f"{name!r} is no plain file name")
    if type(size) is not int or size < 1:
        raise ValueError(f"{name} has the size {size!r}")
    known = CHECKSUM.fullmatch(checksum)
    if checksum and not (known and known[1] in hashlib.algorithms_guaranteed):
        raise ValueError(f"{name} has the checksum {checksum!r}")
    return Remote(name, str(file["links"]["self"]), checksum, size)
