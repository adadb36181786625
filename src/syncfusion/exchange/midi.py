"""Standard MIDI files: markers and one track of notes for every group (MMA RP-001).

A note's velocity is the gain, 100 for 1. At 120 quarters a minute and 24 000 ticks a quarter
one tick is one sample at 48 kHz. Positions are seconds from the first picture: a MIDI file has no
timecode of its own.
"""

import io
import itertools

import mido

from syncfusion.errors import InputError
from syncfusion.exchange.session import Session, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import Onset, OnsetTrack

TICKS_PER_BEAT = 24_000
TEMPO = 500_000  # microseconds a quarter: 120 a minute
TICKS_PER_SECOND = TICKS_PER_BEAT * 1_000_000 // TEMPO
PERCUSSION = 9  # channel 10 of the standard
FIRST_NOTE, N_NOTES = 36, 88  # a note number for every group, from the bass drum up
UNIT_VELOCITY, LOUDEST = 100, 127  # velocity of gain 1, and the largest there is
DAMAGED = (OSError, EOFError, ValueError, LookupError, TypeError)  # what mido raises then
NOTE_TICKS = TICKS_PER_SECOND // 20  # 50 ms: importers drop notes without a length


def write(session: Session) -> bytes:
    """Return a file of type 1: tempo and markers on its first track, then one track a group."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    conductor = [
        (0, mido.MetaMessage("track_name", name=session.name)),
        (0, mido.MetaMessage("set_tempo", tempo=TEMPO)),
        (0, mido.MetaMessage("time_signature", numerator=4, denominator=4)),
    ]
    conductor += [
        (_tick(event.time), mido.MetaMessage("marker", text=group_of(event)))
        for event in session.track
    ]
    file.tracks.append(_track(conductor))
    for number, (group, events) in enumerate(session.groups.items()):
        messages = [(0, mido.MetaMessage("track_name", name=group))]
        for event in events:
            messages += _note(event, FIRST_NOTE + number % N_NOTES)
        file.tracks.append(_track(messages))
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the notes of all tracks, or the markers where there is no note.

    Args:
        content: a file of type 0 or 1; without a tempo it runs at 120 quarters a minute.
        timeline: not used; positions are seconds from the file's start.

    Returns:
        An event per note, its label the track's name, its gain the velocity over 100; or an event
        per marker with its text.

    Raises:
        InputError: if it is no MIDI file, or counts in frames (SMPTE division).
    """
    if len(content) > 13 and content[12] & 0x80:
        raise InputError(
            "it counts time in frames (SMPTE division); export it with ticks per quarter note"
        )
    file = _parsed(content)
    if file.type == 2:
        raise InputError("it holds songs that do not run together (type 2); export it as type 1")
    seconds = _clock(file)
    notes: list[Onset] = []
    markers: list[Onset] = []
    for track in file.tracks:
        for tick, message in _absolute(track):
            if message.type == "note_on" and message.velocity:
                gain = message.velocity / UNIT_VELOCITY
                notes.append(Onset(seconds(tick), track.name.strip(), gain=gain))
            elif message.type == "marker":
                markers.append(Onset(seconds(tick), message.text.strip()))
    return OnsetTrack.from_onsets(notes or markers)


def _parsed(content: bytes) -> mido.MidiFile:
    """Return a file whose texts are UTF-8, or else Latin-1."""
    for charset in ("utf-8", "latin-1"):
        try:
            return mido.MidiFile(file=io.BytesIO(content), charset=charset, clip=True)
        except UnicodeDecodeError:
            continue
        except (*DAMAGED, mido.KeySignatureError) as error:
            reason = str(error) or "it is cut off"
            raise InputError(
                f"it is no MIDI file that can be read ({reason}); export it anew"
            ) from error
    raise InputError("it is no MIDI file that can be read; export it anew")


def _velocity(gain: float) -> int:
    """Return the velocity of a gain, 1 to 127; larger gains than 1.27 are clipped."""
    return min(max(round(UNIT_VELOCITY * gain), 1), LOUDEST)


def _note(event: Onset, note: int) -> list[tuple[int, mido.Message]]:
    start, end = _tick(event.time), columns_of(event).end
    stop = max(start + NOTE_TICKS, _tick(end) if end is not None else 0)
    on = mido.Message("note_on", channel=PERCUSSION, note=note, velocity=_velocity(event.gain))
    return [
        (start, on),
        (stop, mido.Message("note_off", channel=PERCUSSION, note=note, velocity=0)),
    ]


def _tick(seconds: float) -> int:
    return round(seconds * TICKS_PER_SECOND)


def _track(messages: list) -> mido.MidiTrack:
    """Return a track of messages at absolute ticks; of two at one tick, ends come first."""
    ordered = sorted(messages, key=lambda each: (each[0], each[1].type == "note_on"))
    ticks = [tick for tick, _ in ordered]
    steps = [now - before for before, now in itertools.pairwise([0, *ticks])]
    return mido.MidiTrack(
        message.copy(time=step) for step, (_, message) in zip(steps, ordered, strict=True)
    )


def _absolute(track: mido.MidiTrack) -> list:
    ticks = itertools.accumulate(message.time for message in track)
    return list(zip(ticks, track, strict=True))


def _clock(file: mido.MidiFile):  # noqa: ANN202 a function of ticks to seconds
    """Return what turns ticks into seconds, by the tempo changes of all tracks."""
    changes = sorted(
        (tick, message.tempo)
        for track in file.tracks
        for tick, message in _absolute(track)
        if message.type == "set_tempo"
    )

    def seconds(tick: int) -> float:
        time, last, tempo = 0.0, 0, TEMPO
        for at, changed in changes:
            if at >= tick:
                break
            time += mido.tick2second(at - last, file.ticks_per_beat, tempo)
            last, tempo = at, changed
        return time + mido.tick2second(tick - last, file.ticks_per_beat, tempo)

    return seconds
