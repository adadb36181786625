from .timecode import Timeline, frame_rate

__all__ = ["Timeline", "frame_rate"]
