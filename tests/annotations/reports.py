"""Reports for tests: a strategy that makes any report the markup can hold, and one that is rich by hand."""

from __future__ import annotations

from gongkai.annotations.markup import Link, Mark, Report, parse
from hypothesis import strategies as st

RICH = """---
agency: 青禾县教育局
year: 2012
hard: [other_year, shared_zero]
---
⟦A|青禾县教育局⟧　⟦Y|2012年⟧政府信息公开工作年度报告

  ⟦Y|全年⟧⟦M1|主动公开政府信息⟧⟦C1=proactive.total|1,925⟧⟦U|条⟧，较2011年的⟦C1@2011/条|1800⟧增长⟦R1|6.9%⟧ 。
网站、微博各公开约⟦M3|网站
公开信息⟧⟦C3=channel.website/条~approx|8 0⟧，⟦Z4=review.total+7=litigation.total|未发生⟧⟦M4|行政复议⟧、⟦M7|行政诉讼⟧；
\t覆盖⟦C5?|16⟧⟦U|个⟧⟦M5|区⟧#1 𠮷里\\路。
"""


def rich() -> Report:
    """A report with every kind of mark, blanks, line ends and characters that formats stumble over."""
    return parse(RICH)


_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="⟦⟧\r"), min_size=1, max_size=6)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | _WORDS,
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)
_IDS = st.sampled_from([None, "proactive.total", "review.total"])


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report whose links lead somewhere."""
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=4))
    kinds = [("METRIC", n) for n in numbers]
    kinds += [
        (label, None)
        for label in draw(
            st.lists(st.sampled_from(["AGENCY", "YEAR", "UNIT", "COUNT", "RATE", "ZERO"]), max_size=6)
        )
    ]
    kinds = draw(st.permutations(kinds))
    text = draw(st.one_of(st.just(""), st.just("---\n"), _WORDS))
    marks = []
    for label, number in kinds:
        start = len(text)
        text += draw(_WORDS)
        links: tuple[Link, ...] = ()
        more: dict[str, object] = {}
        if label in ("COUNT", "RATE", "ZERO"):
            if numbers:
                links = tuple(
                    Link(n, draw(_IDS)) for n in draw(st.lists(st.sampled_from(numbers), max_size=3))
                )
            more = {
                "year": draw(st.none() | st.integers(1900, 2100)),
                "unit": draw(st.none() | st.sampled_from(["件", "人次", "平方 米"])),
                "qualifier": draw(st.sampled_from([None, "approx", "min", "max"])),
                "optional": draw(st.booleans()),
            }
        marks.append(Mark(start, len(text), label, number=number, links=links, **more))  # type: ignore[arg-type]
        text += draw(st.one_of(st.just(""), _WORDS))
    meta = draw(st.dictionaries(_WORDS, _VALUES, max_size=3))
    return Report(meta, text, tuple(marks))
