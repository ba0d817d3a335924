# SPDX-License-Identifier: Apache-2.0
"""The report as one page that needs nothing else: no script, no style sheet, no file beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from edgepose.pipelines.detector import DECODERS
from edgepose.types import Skeleton

from .agreement import SURE
from .observe import Histogram
from .report import SIZES, accuracy, keypoints, plan_of, tensors, verdict, worst_rows
from .run import Quantized

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
BARS = 64
HISTOGRAMS = 12
COLORS = ((74, 157, 42), (59, 67, 208))  # float, INT8; BGR of the page's colours
GAP = 6


def html_page(done: Quantized) -> str:
    """The whole report as a page."""
    name = escape(done.source.spec.name)
    pays = done.speedup is None or done.speedup >= 1.1
    parts = [
        f"<h1>{name} in INT8</h1>",
        f'<p class="verdict{"" if pays else " no"}">{escape(verdict(done))}</p>',
        "<h2>Accuracy</h2>",
        _accuracy(done),
        "<h2>Size and speed</h2>",
        _speed(done),
        "<h2>Layers kept in float</h2>",
        _layers(done),
        "<h2>Ranges</h2>",
        _ranges(done),
        "<h2>Where both agree least</h2>",
        _worst(done),
        "<h2>How it was made</h2>",
        _how(done),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name} in INT8</title><style>{STYLE}</style></head><body>\n"
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
    text += _table(["", "float", "INT8", "change"], rows)
    if found["keypoints_pck"]:
        rows = [[key, *_pair(value)] for key, value in found["keypoints_pck"].items()]
        text += "<h3>PCK@0.1 by keypoint</h3>"
        text += _table(["keypoint", "float", "INT8", "change"], rows)
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
    given, plain, int8 = done.bytes_
    text = (
        f"<p>{int8 / 1e6:.2f} MB in INT8, {plain / 1e6:.2f} MB with float32 weights "
        f"({100 * int8 / plain:.1f} %), {given / 1e6:.2f} MB the given file.</p>"
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
        + f"<p>One crop on one thread of {escape(str(done.processor))}, ONNX Runtime, "
        + f"{len(done.latency[0].wall)} runs of each in turn; milliseconds.</p>"
        + _table(["", "float", "INT8", "speed"], rows)
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


def _ranges(done: Quantized) -> str:
    _, seen, _ = plan_of(done)
    known = [each for each in tensors(done) if each["lost_db"] is not None]
    shown = sorted(known, key=lambda each: -each["lost_db"])[:HISTOGRAMS]
    text = (
        f"<p>The {len(shown)} of {len(known)} tensors that lose most by rounding. Bars: values "
        "seen, on a logarithmic scale; shaded: the range that the codes cover.</p>"
    )
    bars = "".join(_bars(each, seen[each["name"]]) for each in shown)
    return f'{text}<div class="bars">{bars}</div>'


def _bars(tensor: dict[str, Any], histogram: Histogram) -> str:
    """A histogram as SVG, from the least to the largest value seen."""
    low, high = min(histogram.low, 0.0), max(histogram.high, 0.0)
    span = (high - low) or 1.0
    edges = histogram.edges
    centers = (edges[:-1] + edges[1:]) / 2
    index = np.clip((centers - low) / span * BARS, 0, BARS - 1).astype(int)
    inside = (centers >= low) & (centers <= high)
    counts = np.log1p(np.bincount(index[inside], histogram.counts[inside], BARS))
    tall = counts / (counts.max() or 1.0) * 60
    left, right = ((value - low) / span * BARS for value in tensor["range"])
    rectangles = "".join(
        f'<rect x="{i}" y="{62 - t:.1f}" width=".9" height="{t:.1f}" fill="currentColor"/>'
        for i, t in enumerate(tall)
        if t > 0
    )
    title = escape(tensor["name"])
    return (
        f'<figure><svg viewBox="0 0 {BARS} 62" preserveAspectRatio="none" role="img" '
        f'aria-label="{title}" style="height:6rem"><rect x="{left:.2f}" y="0" '
        f'width="{max(right - left, 0):.2f}" height="62" fill="#8883"/>{rectangles}</svg>'
        f"<figcaption>{title}<br>seen {low:.3g} to {high:.3g}, covered {tensor['range'][0]:.3g} to "
        f"{tensor['range'][1]:.3g}; {tensor['lost_db']:.1f} dB lost</figcaption></figure>"
    )


def _worst(done: Quantized) -> str:
    rows = worst_rows(done)
    if not rows:
        return "<p>Neither network is sure of anything on these crops.</p>"
    figures = "".join(_figure(done, row) for row in rows)
    return (
        '<p>Left <b class="float">float</b>, right <b class="int8">INT8</b>.</p>'
        f'<div class="pairs">{figures}</div>'
    )


def _figure(done: Quantized, row: int) -> str:
    picture = _picture(done, row)
    sides = [picture.copy(), picture.copy()]
    _draw(done, row, sides)
    gap = np.full((picture.shape[0], GAP, 3), 255, np.uint8)
    ok, data = cv2.imencode(".jpg", np.hstack([sides[0], gap, sides[1]]))
    if not ok:
        return ""
    code = base64.b64encode(data.tobytes()).decode("ascii")
    name = escape(done.inspected.names[row])
    value = done.agreement.per_crop[row]
    return (
        f'<figure><img alt="{name}, float and INT8" src="data:image/jpeg;base64,{code}">'
        f"<figcaption>{name}: {done.agreement.measure} {value:.3f}</figcaption></figure>"
    )


def _picture(done: Quantized, row: int) -> NDArray[np.uint8]:
    """The crop as BGR, back from the network's input."""
    given = done.source.spec.input
    shape = (3, 1, 1)
    values = done.inspected.inputs[row] * np.reshape(given.std, shape)
    values = (values + np.reshape(given.mean, shape)).transpose(1, 2, 0)
    if given.color == "rgb":
        values = values[..., ::-1]
    return np.ascontiguousarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _draw(done: Quantized, row: int, sides: Sequence[NDArray[np.uint8]]) -> None:
    """Draws each network's answer on its side."""
    spec = done.source.spec
    found = keypoints(done, row)
    if found:
        edges = cast(Skeleton, spec.keypoints).edges
        for side, (xy, score), color in zip(sides, found, COLORS, strict=True):
            points = [(round(float(x)), round(float(y))) for x, y in xy]
            for a, b in edges:
                if min(score[a], score[b]) >= SURE:
                    cv2.line(side, points[a], points[b], color, 1, cv2.LINE_AA)
            for point, value in zip(points, score, strict=True):
                if value >= SURE:
                    cv2.circle(side, point, 3, color, -1, cv2.LINE_AA)
    elif spec.codec.type in DECODERS:
        for side, outputs, color in zip(sides, done.outputs, COLORS, strict=True):
            one = {role: outputs[name][row] for role, name in spec.outputs.items()}
            for x1, y1, x2, y2 in np.rint(DECODERS[spec.codec.type](one, spec)[0]).astype(int):
                cv2.rectangle(side, (int(x1), int(y1)), (int(x2), int(y2)), color, 2)


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
    a, b = value["float"], value["int8"]
    change = "" if a is None or b is None else f"{b - a:+.2f}"
    return ["-" if a is None else f"{a:.2f}", "-" if b is None else f"{b:.2f}", change]


def _table(head: Iterable[str], rows: Iterable[Sequence[str]], *, text: bool = False) -> str:
    kind = ' class="text"' if text else ""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
