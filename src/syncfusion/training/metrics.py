"""Metrics of a training as lines of text."""

from collections.abc import Iterator, Mapping
from typing import Any


def metric_lines(metrics: Mapping[str, Any], title: str = "") -> Iterator[str]:
    """Yield a line for every innermost mapping of metrics.

    Args:
        metrics: values by name, nested to any depth.
        title: what they belong to; it begins every line.

    Yields:
        ``title: name value, name value``; floats with three decimals.
    """
    values = {name: each for name, each in metrics.items() if not isinstance(each, Mapping)}
    if values:
        text = ", ".join(f"{name} {_written(value)}" for name, value in values.items())
        yield f"{title}: {text}" if title else text
    for name, each in metrics.items():
        if isinstance(each, Mapping):
            yield from metric_lines(each, f"{title}, {name}" if title else name)


def _written(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
