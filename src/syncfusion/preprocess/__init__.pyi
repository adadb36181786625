from .annotations import annotate
from .dataset import annotate_videos, check_output, process_videos
from .dataset_files import (
    PROCESSED,
    TIMES,
    TIMES_SUFFIX,
    VIDEO_SUFFIX,
    VIDEOS,
    dataset_folder,
    find_files,
)
from .layout import clip_files
from .processing import FORMS, SUBTYPES, Processing
from .split import PUBLISHED_SPLIT, draw_split, read_lists, write_lists
from .videos import Target, preprocess_video

__all__ = [
    "FORMS",
    "PROCESSED",
    "PUBLISHED_SPLIT",
    "Processing",
    "SUBTYPES",
    "TIMES",
    "TIMES_SUFFIX",
    "Target",
    "VIDEOS",
    "VIDEO_SUFFIX",
    "annotate",
    "annotate_videos",
    "check_output",
    "clip_files",
    "dataset_folder",
    "draw_split",
    "find_files",
    "preprocess_video",
    "process_videos",
    "read_lists",
    "write_lists",
]
