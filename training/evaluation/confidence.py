"""Whether confidence can be believed: records' calibration, and the risk of figures taken from the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...annotations.markup import FIGURES
from ..calibrate import Outcomes, expected_error, reliability, upper_bound
from ..judge import JudgedReport
from .links import Tagged
from .ways import Scored

_POINTS = 60  # of the risk curve


def record_calibration(reports: Sequence[Scored], bins: int) -> dict[str, Any]:
    """Expected error and reliability of all records' confidence, and the error by who found them."""
    rows = [
        (record["confidence"], right, record["source"])
        for report in reports
        for record, right in zip(report.records, report.right, strict=True)
    ]
    confidence = np.array([r[0] for r in rows], dtype=float)
    right = np.array([r[1] for r in rows], dtype=bool)
    source = np.array([r[2] for r in rows], dtype=str)
    return {
        "records": len(rows),
        "right": round(float(right.mean()), 4) if rows else None,
        "expected_error": round(expected_error(confidence, right), 4),
        "by_source": {
            str(name): {
                "records": int((source == name).sum()),
                "right": round(float(right[source == name].mean()), 4),
                "confidence": round(float(confidence[source == name].mean()), 4),
                "expected_error": round(expected_error(confidence[source == name], right[source == name]), 4),
            }
            for name in np.unique(source)
        },
        "bins": reliability(confidence, right, bins),
    }


def risk(found: Outcomes, threshold: float) -> dict[str, Any]:
    """Figures (COUNT, RATE, ZERO) that reach the threshold: their share, and how many of them are wrong.

    `bound` is the exact upper bound, at 90%, on the share of wrong ones. `curve` has the same shares
    for other thresholds, from the surest figures to all.
    """
    confidence, wrong = found.confidence[found.figure], ~found.right[found.figure]
    order = np.argsort(-confidence, kind="stable")
    confidence, wrong = confidence[order], wrong[order]
    accepted = confidence >= threshold
    total, bad = int(accepted.sum()), int(wrong[accepted].sum())
    # Ties are accepted together, so the curve may only turn where the confidence changes.
    ends = np.flatnonzero(np.append(confidence[1:] < confidence[:-1], len(confidence) > 0))
    picked = sorted(
        {int(ends[i]) for i in np.linspace(0, len(ends) - 1, _POINTS).astype(int)} if len(ends) else ()
    )
    return {
        "threshold": threshold,
        "figures": len(confidence),
        "accepted": total,
        "accepted_share": round(total / len(confidence), 4) if len(confidence) else None,
        "wrong": bad,
        "wrong_share": round(bad / total, 4) if total else None,
        "bound": round(upper_bound(bad, total), 4),
        "curve": [
            {
                "threshold": round(float(confidence[i]), 4),
                "accepted_share": round((i + 1) / len(confidence), 4),
                "wrong_share": round(float(wrong[: i + 1].mean()), 4),
            }
            for i in picked
        ],
    }


def fused(reports: Sequence[tuple[JudgedReport, Sequence[Tagged]]]) -> dict[str, Any]:
    """Figures of the model and the rules together: how many each gave, and how many of them are wrong.

    A figure counts as the model's where its clause was left to the model, or both agreed on it.
    """
    counts: dict[str, list[bool]] = {}
    for report, tagged in reports:
        gold = {(m.start, m.end, m.label) for m in report.annotated.report.marks if m.label in FIGURES}
        for _, tags in tagged:
            for tag in tags:
                if tag.label.value in FIGURES:
                    right = (tag.start, tag.end, tag.label.value) in gold
                    counts.setdefault(tag.finder.value, []).append(right)
    figures = sum(map(len, counts.values()))
    return {
        name: {
            "figures": len(right),
            "share": round(len(right) / figures, 4),
            "wrong_share": round(right.count(False) / len(right), 4),
        }
        for name, right in sorted(counts.items())
    }
