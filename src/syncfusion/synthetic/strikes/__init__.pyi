from .recording import StrikeRecording, record_strikes

__all__ = ["StrikeRecording", "record_strikes"]
