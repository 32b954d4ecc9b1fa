"""The model card: what the model is, what it was made from, and its measured figures."""

from __future__ import annotations

from typing import Any


def card(made: dict[str, Any], int8: dict[str, Any], evaluations: dict[str, dict[str, Any]]) -> str:
    """Markdown from facts alone; `evaluations` maps a split's name to what `evaluate` returned."""
    lines = [
        "# Model card",
        "",
        "Tags the characters of Chinese information-disclosure annual reports with AGENCY, YEAR, METRIC, COUNT,",
        "UNIT, RATE and ZERO (BIO). It reads one normalised sentence at a time and knows nothing beyond it.",
        "",
        "## What it is",
        "",
        *(f"- {line}" for line in made.get("about", [])),
        "",
        "## What it was made from",
        "",
        *(f"- {name}: {value}" for name, value in made.get("data", {}).items()),
        "",
        "## How to make it again",
        "",
        "```",
        *made.get("commands", []),
        "```",
        "",
        "## Files",
        "",
        "`model.safetensors` holds the weights in fp16, `model.int8.onnx` the same in int8 (what inference runs),",
        "`calibration.json` the map from raw to calibrated confidence, `manifest.json` the SHA-256 of every file.",
        f"ONNX fp32 differs from torch by at most {int8['torch_difference']:.1g} in a logit; int8 has a strict dev F1 of "
        f"{int8['int8_f1']:.4f} beside {int8['fp32_f1']:.4f} in fp32"
        + (f" (its last {int8['fp32_products']} matrix products in fp32)." if int8["fp32_products"] else "."),
        "",
        "## How good it is",
        "",
        "Strict span F1 (IOB2, seqeval) with 95% bootstrap intervals over reports. All reports are composed, not",
        "crawled: on real reports expect less.",
        "",
    ]
    for split, result in evaluations.items():
        lines += _figures(split, result)
    if made.get("failures"):
        lines += ["## Known failures", "", *(f"- {line}" for line in made["failures"]), ""]
    return "\n".join(lines)


def _figures(split: str, result: dict[str, Any]) -> list[str]:
    strict = result["strict"]
    rows = [("all", strict), *result["labels"].items()]
    return [
        f"### {split}: {result['reports']} reports, {strict['gold']} spans",
        "",
        "| label | precision | recall | F1 | 95% interval | spans |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {name} | {r['precision']:.3f} | {r['recall']:.3f} | {r['f1']:.3f} | "
            f"{r['interval'][0]:.3f} to {r['interval'][1]:.3f} | {r['gold']} |"
            for name, r in rows
        ),
        "",
        f"Right label with any overlap: F1 {result['overlap']['f1']:.3f}; exact boundaries with any label: "
        f"{result['boundary']['f1']:.3f}. Expected calibration error {result['calibration']['expected_error']:.3f}. "
        f"Marks that stand outside all sentences (tables, mostly) and are not counted: "
        f"{sum(result['not_in_sentences'].values())}.",
        "",
        "| slice | reports | F1 |",
        "| --- | --- | --- |",
        *(
            f"| {name}: {value} | {r['reports']} | {r['f1']:.3f} |"
            for name, values in result["slices"].items()
            for value, r in values.items()
        ),
        "",
    ]
