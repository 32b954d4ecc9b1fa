"""Draws `docs/extract.svg`, the README's picture: records of an example report, as the terminal shows them.

python docs/make_picture.py
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from gongkai import Extractor
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
ROWS = 16


def main() -> None:
    """Write the picture from the shipped model's own output."""
    records = Extractor.load().extract(HERE.parent / "data" / "examples" / "qinghe_county_2011.txt")
    table = Table(title=f"{records[0].agency} {records[0].year}", title_justify="left", show_edge=False)
    for name in ("metric", "value", "unit", "metric_id", "by", "conf", "words that state it"):
        table.add_column(name, no_wrap=True, justify="right" if name in ("value", "conf") else "left")
    for record in records[:ROWS]:
        sign = {"approx": "≈", "min": "≥", "max": "≤"}.get(str(record.qualifier), "")
        table.add_row(
            record.metric[:16],
            f"{sign}{record.value:,}",
            record.unit or "",
            record.metric_id or "",
            str(record.source),
            f"{record.confidence:.2f}",
            " ".join(record.text.split())[:24],
        )
    console = Console(record=True, width=132, file=io.StringIO())
    console.print("$ gongkai extract data/examples/qinghe_county_2011.txt")
    console.print(table)
    console.print(f"… {len(records)} records")
    picture = console.export_svg(title="gongkai", unique_id="gongkai")
    # The stated lengths are of Latin letters and would squeeze Chinese ones.
    (HERE / "extract.svg").write_text(re.sub(r' textLength="[^"]*"', "", picture), encoding="utf-8")


if __name__ == "__main__":
    main()
