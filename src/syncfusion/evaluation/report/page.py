"""The page itself: one html file out of the templates in ``templates/``."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from syncfusion.evaluation.report.assets import EMBED_LIMIT, Shelf
from syncfusion.evaluation.report.cards import Card
from syncfusion.evaluation.report.charts import charts
from syncfusion.evaluation.report.media import WAVE_COLUMNS, WAVE_HEIGHT
from syncfusion.evaluation.report.tables import (
    SURE,
    clip_columns,
    figure_groups,
    number,
    pair_table,
)
from syncfusion.evaluation.results import Evaluation
from syncfusion.onset import TOLERANCE

FOLDER = Path(__file__).parent / "templates"
STYLES = 8  # systems that differ in colour, mark and dashes; a ninth looks like the first


def render_page(evaluation: Evaluation, cards: Sequence[Card], shelf: Shelf) -> str:
    """Return the report as html; every name and sentence in it is escaped."""
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    return (
        _templates()
        .get_template("page.html")
        .render(
            evaluation=evaluation,
            cards=cards,
            shelf=shelf,
            embed_limit=EMBED_LIMIT,
            groups=figure_groups(evaluation),
            pairs=pair_table(evaluation),
            sure=SURE,
            charts=charts(evaluation.systems),
            column_groups=clip_columns(evaluation.systems),
            tolerance_ms=1000 * TOLERANCE,
            wave_size=(WAVE_COLUMNS - 1, WAVE_HEIGHT),
            n_styles=STYLES,
            css=(FOLDER / "report.css").read_text(encoding="utf-8"),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    templates.filters |= {"number": number, "plain": _plain}
    return templates


def _plain(value: Any) -> str:
    """Return a setting as text: words as they are, the rest as json."""
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
