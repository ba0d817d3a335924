# SPDX-License-Identifier: Apache-2.0
"""The report as one page that needs nothing else: no script, no style sheet, no file beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, cast

from .page_histograms import histograms
from .page_photos import worst_photos
from .report import SIZES, accuracy, runtime, verdict
from .result import Quantized

STYLE = """
:root { color-scheme: light dark; --soft: #8886; --float: #2a9d4a; --int8: #d0433b; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.verdict { font-size: 1.1rem; border-left: 4px solid var(--float); padding: .3rem .9rem; }
.verdict.no { border-color: var(--int8); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem; text-align: right; }
th { font-weight: 600; border-bottom: 1px solid var(--soft); }
td:first-child, th:first-child, td.text { text-align: left; }
.pairs { display: flex; flex-wrap: wrap; gap: 1rem; } figure { margin: 0; }
figure img { display: block; max-width: 100%; } figcaption { font-size: .8rem; max-width: 24rem;
  overflow-wrap: anywhere; }
.bars { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; }
svg { width: 100%; height: auto; } .float { color: var(--float); } .int8 { color: var(--int8); }
"""


def html_page(done: Quantized) -> str:
    """The whole report as a page."""
    name, title = escape(done.source.spec.name), escape(done.scheme.title)
    ranges = histograms(done)
    pays = done.speedup is None or done.speedup >= 1.1
    parts = [
        f"<h1>{name} in {title}</h1>",
        f'<p class="verdict{"" if pays else " no"}">{escape(verdict(done))}</p>',
        "<h2>Accuracy</h2>",
        _accuracy(done),
        "<h2>Size and speed</h2>",
        _speed(done),
        "<h2>Layers kept in float</h2>",
        _layers(done),
        *(["<h2>Ranges</h2>", ranges] if ranges else []),
        "<h2>Where both agree least</h2>",
        worst_photos(done),
        "<h2>How it was made</h2>",
        _how(done),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name} in {title}</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _accuracy(done: Quantized) -> str:
    found = accuracy(done)
    numbers = {
        f"{key} ({SIZES[key]})" if key in SIZES else key: value
        for key, value in found["numbers"].items()
    }
    rows = [[found["metric"], *_pair(found)]]
    rows += [[key, *_pair(value)] for key, value in numbers.items() if key != found["metric"]]
    text = f"<p>{escape(found['metric'])} on {escape(found['data'])}; points of 100.</p>"
    text += _table(["", "float", done.scheme.title, "change"], rows)
    if found["keypoints_pck"]:
        rows = [[key, *_pair(value)] for key, value in found["keypoints_pck"].items()]
        text += "<h3>PCK@0.1 by keypoint</h3>"
        text += _table(["keypoint", "float", done.scheme.title, "change"], rows)
    agreement = done.agreement
    text += (
        f"<p>Both networks on the same {len(done.inspected)} crops: {agreement.measure} "
        f"{agreement.value:.4f}"
    )
    distances = [f"{value:.2f} px ({key})" for key, value in agreement.percentiles().items()]
    if distances:
        text += f"; sure keypoints are apart by {', '.join(distances)} of the network's input"
    return text + ".</p>"


def _speed(done: Quantized) -> str:
    given, plain, small = done.bytes_
    text = (
        f"<p>{small / 1e6:.2f} MB in {escape(done.scheme.title)}, "
        f"{plain / 1e6:.2f} MB with float32 weights "
        f"({100 * small / plain:.1f} %), {given / 1e6:.2f} MB the given file.</p>"
    )
    if not done.latency:
        return text + "<p>Not timed.</p>"
    both = [each.percentiles() for each in done.latency]
    rows = [
        [key.replace("processor_p50", "processor's time, p50"), f"{a:.2f}", f"{b:.2f}",
         f"{a / b:.2f} x"]
        for key, a, b in ((key, both[0][key], both[1][key]) for key in both[0])
    ]  # fmt: skip
    return (
        text
        + f"<p>One crop on one thread of {escape(str(done.processor))}, {runtime(done)}, "
        + f"{len(done.latency[0].wall)} runs of each in turn; milliseconds.</p>"
        + _table(["", "float", done.scheme.title, "speed"], rows)
    )


def _layers(done: Quantized) -> str:
    kept = done.guarded.kept
    text = "<p>None: everything that can be is rounded.</p>" if not kept else ""
    if kept:
        rows = [[layer.name, layer.operator, layer.reason] for layer in kept]
        text = _table(["layer", "operator", "why"], rows, text=True)
    rows = [
        [step.method, str(len(step.kept)), f"{step.score.value:.2f}", f"{step.drop:+.2f}"]
        for step in done.guarded.steps
    ]
    return text + _table(["method", "in float", done.judge.metric, "lost"], rows)


def _how(done: Quantized) -> str:
    record = cast(Any, done.spec.quantization)
    per = "a scale per channel" if record.per_channel else "one scale per layer"
    crops = f"{record.calibration_crops} crops, SHA-256 {record.calibration_sha256}"
    rows = [
        ["activations", record.activations],
        ["weights", f"signed, symmetric, {record.weight_bits} bits, {per}"],
        ["ranges", done.method],
        ["calibration", crops],
        *([f"agreement by {name}", f"{value:.2f}"] for name, value in done.tried.items()),
        *([each.runtime, "; ".join(each.objections) or "takes it"] for each in done.verdicts),
        *(["passed over", line] for line in done.source.crops.skipped),
    ]
    return _table(["", ""], rows, text=True)


def _pair(value: dict[str, float | None]) -> list[str]:
    a, b = value["float"], value["quantized"]
    change = "" if a is None or b is None else f"{b - a:+.2f}"
    return ["-" if a is None else f"{a:.2f}", "-" if b is None else f"{b:.2f}", change]


def _table(head: Iterable[str], rows: Iterable[Sequence[str]], *, text: bool = False) -> str:
    kind = ' class="text"' if text else ""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
