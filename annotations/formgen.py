"""Makes the three official forms with consistent random figures, to test and train readers of forms.

The forms are those of 国办发〔2014〕32号, 国办公开办函〔2019〕60号 and 〔2021〕30号; `formlayouts` prints
them the way that pages, word processors and converters do.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from .formlayouts import Grid, GridCell, render


@dataclass(frozen=True, slots=True)
class GoldCell:
    """What a cell states, in base units."""

    metric_id: str
    value: int | float


@dataclass(frozen=True, slots=True)
class GeneratedForm:
    """A form as text or HTML, and its cells in reading order."""

    text: str
    format: str
    cells: tuple[GoldCell, ...]


KINDS = ("application", "courts", "proactive", "statistical")
_COLUMNS = ("person", "business", "research", "nonprofit", "legal", "org_other", "total")
_COLUMN_HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
_GROUPS = {
    "refused": "（三）不予公开",
    "unable": "（四）无法提供",
    "unprocessed": "（五）不予处理",
    "other": "（六）其他处理",
}
_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_STATISTICAL_GROUPS = {
    "proactive": "一、主动公开情况",
    "response": "二、回应解读情况",
    "request": "三、依申请公开情况",
    "org": "七、机构建设和保障经费情况",
    "meeting": "八、政府信息公开会议和培训情况",
}


def generate(
    kind: str, layout: str, *, seed: int, era: int = 2021, dirt: tuple[str, ...] = ()
) -> GeneratedForm:
    """One form of a kind in `KINDS`, printed in a layout of `formlayouts.LAYOUTS`, with its gold cells.

    Args:
        era: 2019 or 2021, for the tables of which the two decrees differ.
        dirt: any of `formlayouts.DIRT`; what a layout cannot show is left out.
    """
    rng = random.Random(f"{kind}/{layout}/{seed}/{era}/{','.join(dirt)}")
    maker = {
        "application": _application,
        "courts": _courts,
        "proactive": _proactive,
        "statistical": _statistical,
    }[kind]
    grid, cells = maker(rng, era, dirt)
    text = render(grid, layout, dirt, rng)
    return GeneratedForm(text, "html" if layout == "html" else "txt", tuple(cells))


@cache
def _config() -> dict[str, Any]:
    text = resources.files("gongkai.configs").joinpath("forms.yaml").read_text(encoding="utf-8")
    config: dict[str, Any] = yaml.safe_load(text)
    return config


@cache
def _forms() -> dict[str, str]:
    text = resources.files("gongkai.configs").joinpath("metrics.csv").read_text(encoding="utf-8")
    return {line["metric_id"]: line["form"] for line in csv.DictReader(io.StringIO(text))}


@cache
def _units() -> dict[str, str]:
    text = resources.files("gongkai.configs").joinpath("metrics.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(text)))
    money = {"fee.amount", "org.budget"}
    return {line["metric_id"]: "万元" if line["metric_id"] in money else line["unit"] for line in lines}


def _count(rng: random.Random, zero: float) -> int:
    """A count, often 0, rarely large."""
    if rng.random() < zero:
        return 0
    return int(rng.lognormvariate(1.6, 1.3)) + 1


def _matrix(rng: random.Random, details: list[str]) -> dict[str, list[int]]:
    """Rows of seven counts that add up and balance."""
    zero = (0.4, 0.85, 0.985, 0.98, 0.97, 0.97)
    rows = {row: [_count(rng, z) for z in zero] for row in details}
    total = [sum(column) for column in zip(*rows.values(), strict=True)]
    carried_out = [_count(rng, min(0.97, z + 0.2)) for z in zero]
    there = [a + b for a, b in zip(total, carried_out, strict=True)]
    carried_in = [rng.randint(0, n // 5) for n in there]
    rows |= {
        "result_total": total,
        "carried_out": carried_out,
        "carried_in": carried_in,
        "new": [a - b for a, b in zip(there, carried_in, strict=True)],
    }
    return {row: [*values, sum(values)] for row, values in rows.items()}


def _application(rng: random.Random, era: int, dirt: tuple[str, ...]) -> tuple[Grid, list[GoldCell]]:
    collapsed = era == 2019 or "collapsed_other" in dirt
    entries = [
        row
        for row in _config()["application"]["rows"]
        if (row["id"] == "other") == collapsed or not row["id"].startswith("other")
    ]
    details = [
        e["id"] for e in entries if e["id"] not in {"new", "carried_in", "result_total", "carried_out"}
    ]
    figures = _matrix(rng, details)
    printed = {row: [_as_printed(v, rng, dirt) for v in values] for row, values in figures.items()}
    head = [
        [GridCell(_NOTE, 3, 3), GridCell("申请人情况", 1, 7)],
        [GridCell("自然人", 2, 1), GridCell("法人或其他组织", 1, 5), GridCell("总计", 2, 1)],
        [GridCell(name) for name in _COLUMN_HEADS[1:6]],
    ]
    body: list[list[GridCell]] = []
    numbers: dict[str, int] = {}
    for entry in entries:
        cells = [GridCell(value) for value in printed[entry["id"]]]
        body.append([*_application_label(entry, entries, numbers, collapsed=collapsed), *cells])
    gold = [
        GoldCell(f"application.{entry['id']}.{column}", value)
        for entry in entries
        for column, value, text in zip(_COLUMNS, figures[entry["id"]], printed[entry["id"]], strict=True)
        if text
    ]
    return Grid("三、收到和处理政府信息公开申请情况", head, body), gold


def _application_label(
    entry: dict[str, Any], entries: list[dict[str, Any]], numbers: dict[str, int], *, collapsed: bool
) -> list[GridCell]:
    """The label cells of a row, with the merged cells that begin at it."""
    row, name = entry["id"], entry["name"]
    edges = {"new": "一、", "carried_in": "二、", "carried_out": "四、"}
    if row in edges:
        return [GridCell(edges[row] + name, 1, 3)]
    cells = []
    if row == "granted":
        cells.append(GridCell("三、本年度办理结果", len(entries) - 3, 1))
    if row in {"granted", "partial", "result_total"} or (row == "other" and collapsed):
        number = {"granted": "（一）", "partial": "（二）", "result_total": "（七）", "other": "（六）"}[row]
        note = "（区分处理的，只计这一情形，不计其他情形）" if row == "partial" else ""
        return [*cells, GridCell(number + name + note, 1, 2)]
    group = row.split(".")[0]
    numbers[group] = numbers.get(group, 0) + 1
    if numbers[group] == 1:
        cells.append(GridCell(_GROUPS[group], sum(e["id"].startswith(group + ".") for e in entries), 1))
    return [*cells, GridCell(f"{numbers[group]}.{name}")]


def _as_printed(value: int | float, rng: random.Random, dirt: tuple[str, ...]) -> str:
    if value == 0 and "empty_zeros" in dirt:
        return ""
    if value == 0 and "dashes" in dirt and rng.random() < 0.4:
        return ""
    return str(value)


def _courts(rng: random.Random, era: int, dirt: tuple[str, ...]) -> tuple[Grid, list[GoldCell]]:
    groups = ("review21", "litigation21.direct", "litigation21.after_review")
    outcomes = ("upheld", "corrected", "other", "pending", "total")
    figures: list[tuple[str, int]] = []
    for group in groups:
        counts = [_count(rng, 0.5) for _ in range(4)]
        names = [f"{group}.{o}" for o in outcomes]
        figures.extend(zip(names, [*counts, sum(counts)], strict=True))
    printed = [_as_printed(value, rng, dirt) for _, value in figures]
    head = [
        [GridCell("行政复议", 1, 5), GridCell("行政诉讼", 1, 10)],
        [
            *(GridCell(o, 2, 1) for o in _OUTCOMES),
            GridCell("未经复议直接起诉", 1, 5),
            GridCell("复议后起诉", 1, 5),
        ],
        [GridCell(o) for o in _OUTCOMES * 2],
    ]
    gold = [GoldCell(name, value) for (name, value), text in zip(figures, printed, strict=True) if text]
    return Grid("四、政府信息公开行政复议、行政诉讼情况", head, [[GridCell(text) for text in printed]]), gold


def _proactive(rng: random.Random, era: int, dirt: tuple[str, ...]) -> tuple[Grid, list[GoldCell]]:
    heads_2021 = [
        ("一", ("本年制发件数", "本年废止件数", "现行有效件数"), ("rules", "normative_doc")),
        ("五", ("本年处理决定数量",), ("licence",)),
        ("六", ("本年处理决定数量",), ("penalty", "coercion")),
        ("八", ("本年收费金额（单位：万元）",), ("charge",)),
    ]
    projects = ("上一年项目数量", "本年增/减", "处理决定数量")
    heads_2019 = [
        ("一", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), ("rules", "normative_doc")),
        ("五", projects, ("licence", "other_service")),
        ("六", projects, ("penalty", "coercion")),
        ("八", projects[:2], ("charge",)),
        ("九", ("采购项目数量", "采购总金额"), ("procurement",)),
    ]
    keys = {word: key for key, words in _config()["proactive"]["columns"].items() for word in words}
    names = {row["id"]: row["name"] for row in _config()["proactive"]["rows"]}
    body: list[list[GridCell]] = []
    gold: list[GoldCell] = []
    for item, heads, rows in heads_2019 if era == 2019 else heads_2021:
        body.append([GridCell(f"第二十条第（{item}）项", 1, 4)])
        body.append([GridCell("信息内容"), *(GridCell(head) for head in heads)])
        for row in rows:
            cells = [GridCell(names[row])]
            for head in heads:
                key = keys[head.split("（")[0].replace("/", "")]
                metric = _config()["proactive"]["metrics"][row].get(key)
                cells.append(_proactive_cell(rng, key, metric, gold))
            body.append(cells)
    return Grid("二、主动公开政府信息情况", [], body), gold


def _proactive_cell(rng: random.Random, key: str, metric: str | None, gold: list[GoldCell]) -> GridCell:
    if key == "change":
        return GridCell(rng.choice(["0", "+2", "-1", "3"]))
    value = _count(rng, 0.4)
    if metric:
        gold.append(GoldCell(metric, value * 10_000 if "amount" in key else value))
    return GridCell(f"{value}万元" if key == "purchase_amount" else str(value))


def _statistical(rng: random.Random, era: int, dirt: tuple[str, ...]) -> tuple[Grid, list[GoldCell]]:
    form = {line for line, kind in _forms().items() if kind == "2014"}
    entries: dict[str, dict[str, Any]] = {}
    for row in _config()["statistical"]["rows"]:
        if row["id"] in form:
            entries.setdefault(row["id"], row)
    figures = _statistical_figures(rng, list(entries))
    head = [[GridCell("统 计 指 标"), GridCell("单位"), GridCell("统计数")]]
    body: list[list[GridCell]] = []
    gold: list[GoldCell] = []
    for metric_id, entry in entries.items():
        group = metric_id.split(".")[0]
        if metric_id in {
            "proactive.total",
            "response.total",
            "request.received",
            "org.offices",
            "meeting.count",
        }:
            body.append([GridCell(_STATISTICAL_GROUPS[group]), GridCell(""), GridCell("")])
        depth = metric_id.count(".")
        lead = (
            "其中："
            if metric_id in {"proactive.normative", "response.press.leader"}
            else "1."
            if depth > 1
            else ""
        )
        label = lead + (entry["labels"][0] if rng.random() < 0.8 else rng.choice(entry["labels"]))
        value = figures[metric_id]
        unit = _units()[metric_id]
        text = _as_printed(value, rng, dirt)
        body.append([GridCell(label), GridCell(unit), GridCell(text)])
        if text:
            gold.append(GoldCell(metric_id, value * 10_000 if unit == "万元" else value))
    return Grid("政府信息公开情况统计表", head, body), gold


def _statistical_figures(rng: random.Random, ids: list[str]) -> dict[str, int]:
    """Counts whose parts add up to what they are parts of, where the form says so."""
    figures = {metric_id: _count(rng, 0.4) for metric_id in ids}

    def add_up(whole: str, prefix: str) -> None:
        figures[whole] = sum(
            v
            for k, v in figures.items()
            if k.startswith(prefix + ".") and k.count(".") == prefix.count(".") + 1
        )

    add_up("request.answered.refused", "request.answered.refused")
    for whole in ("request.received", "request.closed", "request.answered", "org.staff"):
        add_up(whole, whole)
    for group in ("review", "litigation"):
        figures[f"{group}.total"] = sum(
            figures[f"{group}.{part}"] for part in ("upheld", "corrected", "other")
        )
    return figures
