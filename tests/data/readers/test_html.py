"""HTML: blocks as lines, hidden parts dropped, data tables with spans and offsets."""

from __future__ import annotations

import itertools

import pytest
from gongkai.data.document import Source
from gongkai.data.errors import LimitError
from gongkai.data.limits import Limits
from gongkai.data.readers.html import read_html
from gongkai.data.readers.input import Input
from hypothesis import given
from hypothesis import strategies as st


def _read(markup: str, encoding: str = "utf-8", **limits: int) -> Source:
    return read_html(Input(markup.encode(encoding), "a.html", "a"), Limits(**limits))


def test_blocks_become_lines() -> None:
    source = _read(
        "<title>年报</title><body><h1>题</h1><p>甲<b>乙</b>\n 丙</p>丁<br>戊<div><div>己</div></div>"
    )
    assert source.text == "题\n甲乙 丙\n丁\n戊\n己\n"
    assert source.title == "年报"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<p style='DISPLAY : none'>x</p>",
        "<p hidden>x</p>",
        "<!-- x -->",
        "<noscript>x</noscript>",
        "<template>x</template>",
        "<select><option>x</select>",
        "<p style='visibility:hidden'>x</p>",
    ],
)
def test_hidden_parts_are_left_out(markup: str) -> None:
    assert _read(f"<body>甲{markup}乙").text.replace("\n", "") == "甲乙"


def test_a_declared_charset_is_read() -> None:
    markup = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>公开信息</p>'
    assert _read(markup, "gb18030").text == "公开信息\n"


def test_spans() -> None:
    source = _read(
        "<table><tr><td rowspan=2>指标</td><td colspan='2'>申请</td></tr><tr><td>自然人</td><td>总计</td></tr>"
        "<tr><td>收到</td><td></td><td>3&nbsp;</td></tr></table>"
    )
    (table,) = source.tables
    cells = [(c.text.strip(), c.row, c.column, c.row_span, c.column_span) for row in table.rows for c in row]
    assert cells == [
        ("指标", 0, 0, 2, 1),
        ("申请", 0, 1, 1, 2),
        ("自然人", 1, 1, 1, 1),
        ("总计", 1, 2, 1, 1),
        ("收到", 2, 0, 1, 1),
        ("", 2, 1, 1, 1),
        ("3", 2, 2, 1, 1),
    ]
    for cell in itertools.chain.from_iterable(table.rows):
        assert source.text[cell.start : cell.end] == cell.text


def test_layout_tables_are_text() -> None:
    source = _read(
        "<table><tr><td>导航</td><td><table><tr><td>公开</td><td>1</td></tr><tr><td>收到</td><td>2</td></tr></table>"
        f"</td></tr></table><table><tr><td>左</td><td>{'公开有序。' * 100}</td></tr><tr><td>下</td><td>右</td></tr></table>"
    )
    assert len(source.tables) == 1
    assert [c.text for c in source.tables[0].rows[1]] == ["收到", "2"]
    assert source.text.startswith("导航\n")


def test_deep_nesting_is_read() -> None:
    assert _read("<div>" * 20_000 + "公开" + "</div>" * 20_000).text.strip() == "公开"


def test_absurd_spans_are_cut() -> None:
    (table,) = _read("<table><tr><td colspan=999999999 rowspan=88888>甲<td>乙<tr><td>丙<td>丁</table>").tables
    assert table.rows[0][0].column_span <= 60


def test_too_much_text_is_refused() -> None:
    with pytest.raises(LimitError, match="100 characters"):
        _read("<p>" + "公" * 101, max_characters=100)
    with pytest.raises(LimitError, match="cells"):
        _read("<table>" + "<tr><td>甲<td>乙" * 10 + "</table>", max_cells=5)


def test_entities_are_not_expanded_twice() -> None:
    text = '<!DOCTYPE html [<!ENTITY a "boom"><!ENTITY b SYSTEM "file:///etc/passwd">]><p>&a;&b;&lt;p&gt;公开</p>'
    read = _read(text).text
    assert "boom" not in read.replace('"boom"', "")
    assert "root:" not in read
    assert "<p>公开" in read


_PARTS = st.sampled_from(
    [
        "<table>",
        "<tr>",
        "<td rowspan=3>",
        "<td colspan=2>",
        "</table>",
        "公开",
        " ",
        "<p>",
        "</div>",
        "1",
        "<br>",
        "&nbsp;",
    ]
)


@given(st.lists(_PARTS, max_size=40).map("".join))
def test_cells_are_where_they_say_in_any_markup(markup: str) -> None:
    source = _read(markup)
    position = 0
    for table in source.tables:
        assert position <= table.start <= table.end <= len(source.text)
        position = table.end
        for cell in itertools.chain.from_iterable(table.rows):
            assert source.text[cell.start : cell.end] == cell.text
