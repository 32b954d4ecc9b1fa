"""What an evaluation comes to: each goal met or not, and a few lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure beside what is asked of it; `note` says more, such as the interval."""

    what: str
    value: float | None
    asked: str
    met: bool
    note: str = ""


def goals(result: Mapping[str, Any]) -> list[Goal]:
    """The goals of `configs/evaluate.yaml`, and that the model helps the rules and the rules the model."""
    asked, spans, records = result["goals"], result["spans"], result["records"]
    strict, labels = spans["strict"], spans["labels"]
    stated = {name: row for name, row in labels.items() if row["gold"]}
    weakest = min(stated or labels, key=lambda name: (labels[name]["f1"], name))
    out = [
        Goal(
            "Span F1, strict",
            strict["f1"],
            f"≥ {asked['spans']}",
            strict["f1"] >= asked["spans"],
            _range(strict),
        ),
        Goal(
            f"Weakest label, {weakest}",
            labels[weakest]["f1"],
            f"≥ {asked['label']}",
            labels[weakest]["f1"] >= asked["label"],
            _range(labels[weakest]),
        ),
    ]
    for kind in ("core", "all"):
        model, rules, both = (records[way][kind]["f1"] for way in ("model", "rules", "both"))
        row = records["model"][kind]
        out.append(
            Goal(f"Record F1 {kind}, model", model, f"≥ rules {rules:.3f}", model >= rules, _range(row))
        )
        best, name = max((model, "model"), (rules, "rules"))
        row = records["both"][kind]
        out.append(Goal(f"Record F1 {kind}, both", both, f"> {name} {best:.3f}", both > best, _range(row)))
    calibration = result["calibration"]
    for name, title in ("spans", "Span"), ("records", "Record"):
        error, limit = calibration[name]["expected_error"], asked[f"{name[:-1]}_error"]
        out.append(Goal(f"{title} calibration error", error, f"≤ {limit}", error <= limit))
    risk = calibration["risk"]
    wrong = risk["wrong_share"]
    accepted = f"{risk['accepted']} of {risk['figures']} accepted" if risk["figures"] else "no figure"
    out.append(
        Goal(
            "Wrong among accepted figures",
            wrong,
            f"≤ {asked['risk']}",
            wrong is not None and wrong <= asked["risk"],
            accepted,
        )
    )
    return out


def lines(result: Mapping[str, Any]) -> list[str]:
    """The evaluation in a few lines of text."""
    made, spans = result["made"], result["spans"]
    strict = spans["strict"]
    out = [
        f"{made['name']}: {len(made['reports'])} reports, {made['characters']} characters, model {made['model']}",
        f"spans    strict {strict['f1']:.3f} ({_range(strict)})  partial {spans['partial']['f1']:.3f}  "
        f"label with overlap {spans['overlap']['f1']:.3f}",
    ]
    for way, row in result["records"].items():
        core, all_ = row["core"], row["all"]
        out.append(
            f"records  {way:5s}  core {core['f1']:.3f} ({_range(core)})  all {all_['f1']:.3f} ({_range(all_)})  "
            f"agency {row['agency_accuracy']:.3f}  year {row['year_accuracy']:.3f}"
        )
    out.append("links    " + "  ".join(f"{name} {row['f1']:.3f}" for name, row in result["links"].items()))
    ids = result["metric_ids"]
    out.append("ids      " + "  ".join(f"{name} {row['accuracy']:.3f}" for name, row in ids.items()))
    found = goals(result)
    missed = [
        f"{g.what} {'-' if g.value is None else format(g.value, '.3f')} ({g.asked})"
        for g in found
        if not g.met
    ]
    out.append(
        f"goals    {len(found) - len(missed)} of {len(found)} met"
        + (": not " + ", ".join(missed) if missed else "")
    )
    return out


def _range(row: Mapping[str, Any]) -> str:
    low, high = row["interval"]
    return f"{low:.3f} to {high:.3f}"
