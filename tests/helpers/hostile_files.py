"""Contents of files that are made to harm who reads them."""

import io
import json
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import torch


class Bomb:
    """Writes a file where it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self):
        return Path.touch, (self.canary,)


def hostile(canary: Path) -> dict[str, bytes]:
    """Return hostile contents by what they are."""
    bomb = pickle.dumps(Bomb(canary))
    touch = f"!!python/object/apply:os.system ['touch {canary}']"
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    entities = "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE xmeml [<!ENTITY a "lollol">{entities}]><xmeml>&i;</xmeml>'
    )
    outside = '<!DOCTYPE xmeml [<!ENTITY e SYSTEM "file:///etc/passwd">]><xmeml>&e;</xmeml>'
    return {
        "pickle": bomb,
        "torch pickle": torch_file({"state_dict": Bomb(canary)}),
        "old torch pickle": torch_file({"state_dict": Bomb(canary)}, zipped=False),
        "object array": array_file(np.array([Bomb(canary)], dtype=object)),
        "object arrays": zipped({"names.npy": array_file(np.array([Bomb(canary)], object))}),
        "tensors that are not finite": torch_file({"state_dict": {"a": torch.tensor([torch.nan])}}),
        "a list": torch_file([1, 2]),
        "yaml tag": touch.encode(),
        "yaml aliases": laughs.encode(),
        "deep yaml": b"[" * 5000,
        "deep json": b'{"a":' * 5000,
        "long numbers": b'{"time": ' + b"9" * 6000 + b"}",
        "not a number": b"time,gain\nnan,inf\n1e999,-1\n",
        "xml entities": xml.encode(),
        "xml from outside": outside.encode(),
        "deep xml": b"<xmeml>" + b"<a>" * 50_000,
        "zip bomb": zipped({"project.xml": bytes(2**28), "names.npy": bytes(2**28)}),
        "npz bomb": zipped({"names.npy": array_file(np.zeros(2**27, np.uint8))}),
        "zip out of its folder": zipped({"../../evil": b"x", "/project.xml": b"<Project/>"}),
        "tar out of its folder": tar_file(("../../evil.times.csv", b"0.5\n"), ("/abs", b"x")),
        "tar with links": tar_file(("a.times.csv", "/etc/passwd"), ("a.resampled.wav", "../../x")),
        "tar of a huge member": tar_file(("a.resampled.wav", 2**50)),
        "huge array": huge_array(),
        "huge header": struct.pack("<Q", 2**62) + b"{}",
        "huge tensor": safetensors_of(
            {"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 4]}}
        ),
        "huge wav": huge_wav(2**32 - 1, 2**16 - 1, 2**32 - 1),
        "wav of no channels": huge_wav(100, 0, 0),
        "huge picture": b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03" + bytes(40) + b"\xff\xd9",
        "midi of a huge track": b"MThd\0\0\0\x06\0\1\0\1\0\x60MTrk\xff\xff\xff\xff\0\xff\x51\x03",
        "zeros": bytes(5000),
        "nothing": b"",
        "text": "a text\n\u202e\0".encode() * 50,
    }


def torch_file(content: object, *, zipped: bool = True) -> bytes:
    made = io.BytesIO()
    torch.save(content, made, _use_new_zipfile_serialization=zipped)
    return made.getvalue()


def array_file(array: np.ndarray) -> bytes:
    made = io.BytesIO()
    np.save(made, array, allow_pickle=True)
    return made.getvalue()


def huge_array() -> bytes:
    small = array_file(np.zeros((4, 2, 2, 3), np.uint8))
    return small.replace(b"(4, 2, 2, 3)", b"(2**9,999,9,3)"[:12])


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def tar_file(*members: tuple[str, bytes | str | int]) -> bytes:
    """Return a tar of files, links (by their target) and members of a size that is not there."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                archive.addfile(entry)
            elif isinstance(content, bytes):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            else:
                entry.size = content
                made.write(entry.tobuf(tarfile.GNU_FORMAT))
    return made.getvalue()


def safetensors_of(header: dict) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(4)


def huge_wav(size: int, channels: int, rate: int) -> bytes:
    about = struct.pack("<HHIIHH", 1, channels, rate, 0, 0, 24)
    chunks = b"fmt " + struct.pack("<I", 16) + about + b"data" + struct.pack("<I", size) + bytes(64)
    return b"RIFF" + struct.pack("<I", size) + b"WAVE" + chunks
