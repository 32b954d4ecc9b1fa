"""Reports to measure with: the shipped examples, every figure in them changed from copy to copy."""

from __future__ import annotations

import random
import re
from pathlib import Path

from gongkai.data.limits import Limits
from gongkai.data.readers import read_path

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"


def make_reports(folder: Path, count: int) -> list[Path]:
    """`count` text files in folders of a thousand, no two alike."""
    texts = [s.text for f in sorted(EXAMPLES.iterdir()) for s in read_path(f, limits=Limits())]
    files = []
    for n in range(count):
        generator = random.Random(n)
        # Years keep their digits: a report must stay of its era.
        text = re.sub(
            r"(?<!\d)(?!20\d\d)\d{1,4}(?!\d)",
            lambda _, draw=generator.randrange: str(draw(1, 900)),
            texts[n % len(texts)],
        )
        file = folder / f"{n // 1000:03}" / f"r{n:06}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files
