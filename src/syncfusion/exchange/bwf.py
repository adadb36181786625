"""Broadcast wave files: bext (EBU Tech 3285), iXML 2.10, and cue points with names and lengths.

A chunk is four letters, its size, its content, and a zero where the size is odd. bext stands
before the samples; ``cue `` has positions, ``LIST adtl`` names (labl), remarks (note) and lengths
(ltxt, purpose "rgn ") by the ids of the cues.
"""

import struct
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from syncfusion.errors import InputError, reading
from syncfusion.exchange.ids import lead_in, read_tag, tag, tag_values
from syncfusion.exchange.session import Session, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.exchange.wavchunks import Chunk, around_samples, pcm_format, read_chunks
from syncfusion.timing import sample_index
from syncfusion.track import Onset, OnsetTrack

ORIGINATOR = "SyncFusion"
UNMEASURED = 0x7FFF  # a loudness that bext does not state
DEPTH = 24  # bits


def write(session: Session) -> bytes:
    """Return the whole sound as a wav with the events as cues; silence where there is no sound.

    Args:
        session: its ``sound`` is copied sample by sample; the silence that stands for none is mono
            and as long as the session.

    Returns:
        The file, with the name, id and gain of each event in its cue.

    Raises:
        InputError: if the sound is no wav of 24-bit PCM, or is too long for a wav.
    """
    rate, channels, samples = _samples(session)
    before, behind = bwf_around(session, rate, channels, len(samples))
    return b"".join([before, samples, behind])


def bwf_around(session: Session, rate: int, channels: int, n_bytes: int) -> tuple[bytes, bytes]:
    """Return what stands before and behind the samples of 24 bits of a broadcast wave file.

    Args:
        session: gives name, note and cues; its timeline and ``lead`` the time reference.
        rate: Hz.
        channels: of the samples.
        n_bytes: size of the samples.

    Returns:
        Two parts of the file.

    Raises:
        InputError: if it is too long for a wav.
    """
    layout = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 3, channels * 3, DEPTH)
    before = [Chunk(b"fmt ", layout), Chunk(b"bext", _bext(session, rate, channels))]
    ixml = Chunk(b"iXML", _ixml(session, rate, channels))
    return around_samples(before, n_bytes, [*_cues(session, rate), ixml])


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the cues.

    Where the file has a time reference, and the picture's start is known, a cue's time counts from
    the picture; else from the file's first sample.

    Args:
        content: a wav of PCM, of any rate and depth.
        timeline: of the picture; None where it is not known.

    Returns:
        An event per cue, its label the cue's name; the end of one with a length in seconds as
        column ``end``. Gain and id are those of its remark.

    Raises:
        InputError: if it is no wav, has no rate, or lies before the picture.
    """
    chunks = read_chunks(content)
    rate, _, _ = pcm_format(chunks)
    bext = chunks.get(b"bext", b"")
    reference = struct.unpack_from("<Q", bext, 338)[0] if len(bext) >= 346 else 0
    names, notes, lengths = _adtl(chunks.get(b"LIST", b""))
    leads = {lead_in(tag_values(note)) for note in notes.values()} or {0.0}
    offset = -round(max(leads) * rate)
    if timeline and reference:
        offset = reference - timeline.samples(rate)
    cues = _positions(chunks.get(b"cue ", b""))
    if cues and min(cues.values()) + offset < 0:
        raise InputError(
            "its time reference lies before the picture's first frame; give the right start by "
            "--start-tc"
        )
    events = []
    for number, position in cues.items():
        time = (position + offset) / rate
        length = lengths.get(number, 0) / rate
        end = {"end": f"{time + length:.6f}"} if length else {}
        gain, extra = read_tag(notes.get(number, ""))
        events.append(Onset(time, names.get(number, ""), gain=gain, extra=end | extra))
    return OnsetTrack.from_onsets(events)


def _samples(session: Session) -> tuple[int, int, bytes]:
    """Return rate, channels and the samples as bytes."""
    if session.sound is None:
        n_samples = sample_index(session.duration, session.sample_rate)
        return session.sample_rate, 1, bytes(3 * n_samples)
    return read_samples(session.sound)


def read_samples(path: Path) -> tuple[int, int, bytes]:
    """Return rate, number of channels and the samples of a wav of 24-bit PCM, as bytes.

    Args:
        path: a wav.

    Returns:
        Hz, channels, and samples of 3 bytes, little-endian, the channels in turn.

    Raises:
        InputError: if it is another file.
    """
    with reading(f"the sound {path}"):
        chunks = read_chunks(path.read_bytes())
        rate, channels, depth = pcm_format(chunks)
    if depth != DEPTH:
        raise InputError(f"{path} has {depth} bits a sample; give a wav of {DEPTH} bits")
    return rate, channels, chunks.get(b"data", b"")


def _bext(session: Session, rate: int, channels: int) -> bytes:
    created = session.created or datetime.now()
    words = "mono" if channels == 1 else "stereo" if channels == 2 else f"{channels} channels"
    history = f"A=PCM,F={rate},W={DEPTH},M={words},T={ORIGINATOR}\r\n".encode("ascii")
    fixed = struct.pack(
        "<256s32s32s10s8sQH64s5h180s",
        f"{session.name}; {session.note}".encode("ascii", "replace")[:256],
        ORIGINATOR.encode(),
        b"",
        created.strftime("%Y-%m-%d").encode(),
        created.strftime("%H:%M:%S").encode(),
        _reference(session, rate),
        2,
        b"",
        *[UNMEASURED] * 5,
        b"",
    )
    return fixed + history


def _reference(session: Session, rate: int) -> int:
    """Return the sample of the day at which the sounds begin."""
    return session.timeline.samples(rate) - session.lead_samples(rate)


def _ixml(session: Session, rate: int, channels: int) -> bytes:
    timeline, name = session.timeline, escape(session.name)
    high, low = divmod(_reference(session, rate), 2**32)
    fraction = f"{timeline.rate.numerator}/{timeline.rate.denominator}"
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{n}</CHANNEL_INDEX><INTERLEAVE_INDEX>{n}</INTERLEAVE_INDEX>"
        f"<NAME>{name}</NAME></TRACK>"
        for n in range(1, channels + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML><IXML_VERSION>2.10</IXML_VERSION>'
        f"<PROJECT>{name}</PROJECT><NOTE>{escape(session.note)}</NOTE><SPEED>"
        f"<TIMECODE_RATE>{fraction}</TIMECODE_RATE>"
        f"<TIMECODE_FLAG>{'DF' if timeline.drop_frame else 'NDF'}</TIMECODE_FLAG>"
        f"<FILE_SAMPLE_RATE>{rate}</FILE_SAMPLE_RATE><AUDIO_BIT_DEPTH>{DEPTH}</AUDIO_BIT_DEPTH>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{high}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{low}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        f"<TIMESTAMP_SAMPLE_RATE>{rate}</TIMESTAMP_SAMPLE_RATE></SPEED>"
        f"<TRACK_LIST><TRACK_COUNT>{channels}</TRACK_COUNT>{tracks}</TRACK_LIST></BWFXML>"
    ).encode()


def _cues(session: Session, rate: int) -> list[Chunk]:
    points, adtl, lead = [], [b"adtl"], session.lead_samples(rate)
    for number, event in enumerate(session.track, 1):
        at, end = lead + sample_index(event.time, rate), columns_of(event).end
        points.append(struct.pack("<II4sIII", number, at, b"data", 0, 0, at))
        for kind, text in ((b"labl", group_of(event)), (b"note", tag(event, session.lead))):
            adtl.append(Chunk(kind, struct.pack("<I", number) + text.encode() + b"\0").packed())
        if end is not None:
            length = lead + sample_index(end, rate) - at
            region = struct.pack("<II4s4H", number, length, b"rgn ", 0, 0, 0, 0)
            adtl.append(Chunk(b"ltxt", region).packed())
    if not points:
        return []
    cue = struct.pack("<I", len(points)) + b"".join(points)
    return [Chunk(b"cue ", cue), Chunk(b"LIST", b"".join(adtl))]


def _positions(cue: bytes) -> dict[int, int]:
    """Return the sample of each cue by its id."""
    points = struct.iter_unpack("<II4sIII", cue[4 : 4 + (len(cue) - 4) // 24 * 24])
    return {number: offset for number, _, _, _, _, offset in points}


def _adtl(content: bytes) -> tuple[dict[int, str], dict[int, str], dict[int, int]]:
    """Return names, remarks and lengths in samples, by the ids of the cues."""
    texts: dict[bytes, dict[int, str]] = {b"labl": {}, b"note": {}}
    lengths: dict[int, int] = {}
    place = 4
    while place + 12 <= len(content):
        kind, size, number = struct.unpack_from("<4sII", content, place)
        body = content[place + 12 : place + 8 + size]
        if kind in texts:
            texts[kind][number] = body.split(b"\0")[0].decode("utf-8", "replace").strip()
        elif kind == b"ltxt" and len(body) >= 4:
            lengths[number] = struct.unpack_from("<I", body)[0]
        place += 8 + size + size % 2
    return texts[b"labl"], texts[b"note"], lengths
