"""Record F1 by hand-counted cases, and beside the shared scorer where that lies next to the repository."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gongkai.training.record_score import name_shared, score_report
from gongkai.training.scores import total

SCORER = Path(__file__).parents[3] / "shared" / "tools" / "score_records.py"
NAMES = ("主动公开政府信息", "主动公开信息数", "收到申请", "申请办结数", "行政复议", "行政诉讼", "培训班", "")
IDS = ("proactive.total", "request.received", "review.total", None)


def record(**fields: Any) -> dict[str, Any]:
    base = {
        "agency": "青禾县",
        "year": 2012,
        "metric_id": "proactive.total",
        "metric": "主动公开政府信息",
        "value": 5,
        "kind": "count",
        "evidence": {"start": 10, "end": 20},
    }
    return base | fields


def gold(*records: dict[str, Any], **fields: Any) -> dict[str, Any]:
    tiered = [{"tier": "core"} | r for r in records]
    return {"agency": "青禾县", "report_year": 2012, "records": tiered} | fields


def counts(score: Any) -> tuple[float, int, int]:
    return score.matched, score.found, score.gold


def test_a_right_record_counts_in_both() -> None:
    score = score_report([record()], gold(record()))
    assert counts(score.core) == counts(score.all) == (1, 1, 1)
    assert score.agency
    assert score.year


def test_core_ignores_evidence_and_all_ignores_the_id() -> None:
    elsewhere = record(evidence={"start": 500, "end": 510}, metric="完全不同")
    score = score_report([elsewhere], gold(record()))
    assert (counts(score.core), counts(score.all)) == ((1, 1, 1), (0, 1, 1))
    unnamed = record(metric_id="review.total")
    score = score_report([unnamed], gold(record()))
    assert (counts(score.core), counts(score.all)) == ((0, 1, 1), (1, 1, 1))


def test_a_repeat_is_wrong_and_an_optional_one_is_free() -> None:
    score = score_report([record(), record()], gold(record()))
    assert counts(score.core) == counts(score.all) == (1, 2, 1)
    free = gold(record(tier="optional"))
    for found, expected in ([record()], (0, 0, 0)), ([record(), record()], (0, 1, 0)), ([], (0, 0, 0)):
        score = score_report(found, free)
        assert counts(score.core) == counts(score.all) == expected


def test_what_gold_allows_besides() -> None:
    allowed = record(alt_ids=["review.total"], alt_years=[2013], alt_values=[7])
    score = score_report([record(metric_id="review.total", year=2013, value=7)], gold(allowed))
    assert counts(score.core) == counts(score.all) == (1, 1, 1)
    assert counts(score_report([], gold(record(alt_ids=[None]))).core) == (0, 0, 0)


def test_a_rate_is_no_count() -> None:
    score = score_report([record(kind="rate")], gold(record()))
    assert counts(score.all) == (0, 1, 1)


def test_the_closest_pair_comes_first() -> None:
    # The first record fits both gold records; only by names does each get its own.
    golds = gold(
        record(metric="行政复议", metric_id="review.total", value=0),
        record(metric="行政诉讼", metric_id="litigation.total", value=0),
    )
    found = [
        record(metric="行政诉讼", metric_id="litigation.total", value=0),
        record(metric="行政复议", metric_id="review.total", value=0),
    ]
    assert dict(score_report(found, golds).all_pairs) == {0: 1, 1: 0}


def test_names_share_their_longest_common_run() -> None:
    assert name_shared("主动公开 信息", "公开信息数") == 4 / 5
    assert name_shared("", "公开") == 0


def _random_report(source: random.Random, number: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    def one(tier: bool) -> dict[str, Any]:
        start = source.randrange(0, 40)
        out = record(
            year=source.choice((2011, 2012, None)),
            metric_id=source.choice(IDS),
            metric=source.choice(NAMES),
            value=source.choice((0, 1, 2, 2.0000001, 4.5)),
            kind=source.choice(("count", "count", "rate")),
            evidence={"start": start, "end": start + source.randrange(1, 12)},
        )
        if not tier:
            if source.random() < 0.1:
                del out["evidence"]
            return out | {"agency": source.choice(("青禾县", "青禾", None)), "doc_id": f"r{number}"}
        out["tier"] = "open" if out["metric_id"] is None else source.choice(("core", "core", "optional"))
        for name, values in ("alt_ids", IDS), ("alt_years", (2013, 2011)), ("alt_values", (1, 9)):
            if source.random() < 0.15:
                out[name] = [source.choice(values)]
        return out

    records = [one(False) for _ in range(source.randrange(0, 14))]
    answer = {
        "doc_id": f"r{number}",
        "agency": source.choice(("青禾县", None)),
        "agency_alt": ["青禾"] if source.random() < 0.3 else [],
        "report_year": source.choice((2012, 2011)),
        "records": [one(True) for _ in range(source.randrange(0, 14))],
    }
    return records, answer


@pytest.mark.skipif(not SCORER.is_file(), reason="the shared scorer is not here")
def test_agrees_with_the_shared_scorer(tmp_path: Path) -> None:
    source = random.Random(7)
    reports = [_random_report(source, n) for n in range(150)]
    lines = {"gold": [g for _, g in reports], "records": [r for rs, _ in reports for r in rs]}
    for name, values in lines.items():
        text = "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    command = [sys.executable, SCORER, tmp_path / "gold.jsonl", tmp_path / "records.jsonl", "--json"]
    expected = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    scores = [score_report(r, g) for r, g in reports]
    for name in ("core", "all"):
        ours = total(getattr(s, name) for s in scores)
        theirs = expected[name]
        assert ours.matched == theirs["tp"] > 0
        assert ours.found == theirs["tp"] + theirs["fp"]
        assert ours.gold == theirs["tp"] + theirs["fn"]
        assert ours.f1 == pytest.approx(theirs["f1"])
    assert sum(s.agency for s in scores) / len(scores) == pytest.approx(expected["agency_accuracy"])
    assert sum(s.year for s in scores) / len(scores) == pytest.approx(expected["year_accuracy"])


@pytest.mark.skipif(not SCORER.is_file(), reason="the shared scorer is not here")
def test_pairs_as_the_shared_scorer_does() -> None:
    spec = importlib.util.spec_from_file_location("score_records", SCORER)
    assert spec
    assert spec.loader
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    source = random.Random(8)
    for number in range(100):
        records, answer = _random_report(source, number)
        ours = score_report(records, answer).all_pairs
        assert dict(ours) == theirs.pair(records, answer["records"], theirs.about_the_same, theirs.rank)
