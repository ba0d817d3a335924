# SPDX-License-Identifier: Apache-2.0
"""The model's contract: one JSON document that travels with the model file.

Every runtime reads the same document; a field that is missing, unknown, contradictory or untrue is
a SpecError that names it. Nothing is guessed.
"""

from __future__ import annotations

from edgepose.spec.bottom_up_codecs import PafCodec, TagsCodec
from edgepose.spec.codecs import CentersCodec, Codec, YoloxCodec
from edgepose.spec.contract import Spec, TrainingSpec
from edgepose.spec.files import (
    SPEC_KEY,
    beside,
    read_spec,
    read_spec_file,
    schema,
    write_spec,
)
from edgepose.spec.input import InputSpec
from edgepose.spec.quantization import QuantizationSpec
from edgepose.spec.top_down_codecs import HeatmapCodec, SimccCodec
from edgepose.spec.validate import expected_shape, validate_model, validate_output

__all__ = [
    "SPEC_KEY",
    "CentersCodec",
    "Codec",
    "HeatmapCodec",
    "InputSpec",
    "PafCodec",
    "QuantizationSpec",
    "SimccCodec",
    "Spec",
    "TagsCodec",
    "TrainingSpec",
    "YoloxCodec",
    "beside",
    "expected_shape",
    "read_spec",
    "read_spec_file",
    "schema",
    "validate_model",
    "validate_output",
    "write_spec",
]
