# SPDX-License-Identifier: Apache-2.0
"""The contract of a model: everything a runtime must know besides the network itself.

The version changes only when a document that was valid would be read differently. A new codec,
task, choice or optional field keeps it: older readers refuse what they do not know, by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from edgepose.errors import SpecError
from edgepose.spec import check
from edgepose.spec.bottom_up_codecs import PafCodec, TagsCodec
from edgepose.spec.build import build, keys, mapping, plain
from edgepose.spec.codecs import CODECS, Codec
from edgepose.spec.input import InputSpec
from edgepose.spec.keypoints import skeleton
from edgepose.spec.quantization import QuantizationSpec
from edgepose.spec.strict_json import parse
from edgepose.types import Skeleton

VERSION = 1
WHOLE = ("letterbox", "stretch")
RESIZES = {"top_down": ("crop",), "bottom_up": WHOLE, "detector": WHOLE}
TASKS = tuple(RESIZES)
WITH_KEYPOINTS = ("top_down", "bottom_up")


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """Where a model comes from.

    Attributes:
        data: Names of the data sets, perhaps none.
        description: How it was trained.

    Raises:
        SpecError: A value is of the wrong type.
    """

    data: tuple[str, ...]
    description: str

    def __post_init__(self) -> None:
        data = check.items("training.data", self.data, 0, 1000)
        for index, item in enumerate(data):
            check.text(f"training.data[{index}]", item)
        object.__setattr__(self, "data", data)
        check.text("training.description", self.description)


@dataclass(frozen=True, slots=True)
class Spec:
    """A model's contract, the JSON document `edgepose.spec`.

    Attributes:
        name: Of the model.
        task: "top_down" (keypoints of one person), "bottom_up" (keypoints of all people of a
            picture) or "detector" (boxes of people).
        input: What the network expects.
        codec: How its outputs are read.
        outputs: Name of the output tensor for each role of the codec; read-only.
        training: Where it comes from.
        license: SPDX expression of the weights, or a statement that there is none.
        keypoints: Names, limbs, mirror twins, OKS constants; not of a detector.
        quantization: How it was quantized; only a model that is.

    Raises:
        SpecError: A value is of the wrong type or out of range, or two contradict each other.
    """

    name: str
    task: str
    input: InputSpec
    codec: Codec
    outputs: Mapping[str, str]
    training: TrainingSpec
    license: str
    keypoints: Skeleton | None = None
    quantization: QuantizationSpec | None = None

    def __post_init__(self) -> None:
        check.text("name", self.name)
        check.choice("task", self.task, TASKS)
        check.text("license", self.license)
        for name, part in _PARTS.items():
            if not isinstance(getattr(self, name), part):
                got = type(getattr(self, name)).__name__
                raise SpecError(f"{name} must be of a class of edgepose.spec; got {got}")
        self._check_task()
        if self.keypoints is not None:
            object.__setattr__(self, "keypoints", skeleton(plain(self.keypoints)))
            if isinstance(self.codec, (PafCodec, TagsCodec)):
                self.codec.check_keypoints(self.keypoints)
        self.codec.check_input(self.input)
        roles = self.codec.roles
        outputs = mapping("outputs", dict(self.outputs))
        keys("outputs", outputs, roles, ())
        names = tuple(check.text(f"outputs.{role}", outputs[role]) for role in roles)
        if not isinstance(self.codec, PafCodec):  # whose limbs say where their channels are
            check.different("outputs", names)
        object.__setattr__(self, "outputs", MappingProxyType(dict(zip(roles, names, strict=True))))

    def _check_task(self) -> None:
        if self.codec.task != self.task:
            known = [codec.type for codec in CODECS.values() if codec.task == self.task]
            check.choice(f"codec.type of task {self.task!r}", self.codec.type, known)
        check.choice(f"input.resize of task {self.task!r}", self.input.resize, RESIZES[self.task])
        if self.task in WITH_KEYPOINTS and self.keypoints is None:
            raise SpecError(f"keypoints is missing; task {self.task!r} needs it")
        if self.task not in WITH_KEYPOINTS and self.keypoints is not None:
            owners = ", ".join(map(repr, WITH_KEYPOINTS))
            raise SpecError(f"keypoints belongs to task {owners}; got task {self.task!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Spec.from_dict, (self.to_dict(),)

    def __hash__(self) -> int:
        return hash(self.to_json())

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Spec:
        """Reads a parsed JSON document.

        Raises:
            SpecError: A field is missing, unknown, malformed or contradicts another.
        """
        found = mapping("edgepose.spec", document)
        if "edgepose_spec" not in found:
            raise SpecError("edgepose_spec is missing; it is the version of the contract")
        version = found["edgepose_spec"]
        if type(version) is not int or version != VERSION:
            raise SpecError(f"edgepose_spec must be {VERSION}; got {check.shown(version)}")
        required = ("name", "task", "input", "codec", "outputs", "training", "license")
        keys("", found, ("edgepose_spec", *required), ("keypoints", "quantization"))
        keypoints, quantization = found.get("keypoints"), found.get("quantization")
        return cls(
            name=found["name"],
            task=found["task"],
            input=build(InputSpec, "input", found["input"]),
            codec=_codec(found["codec"]),
            outputs=mapping("outputs", found["outputs"]),
            training=build(TrainingSpec, "training", found["training"]),
            license=found["license"],
            keypoints=None if keypoints is None else skeleton(keypoints),
            quantization=None
            if quantization is None
            else build(QuantizationSpec, "quantization", quantization),
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Spec:
        """Reads a JSON document.

        Raises:
            SpecError: Not JSON, too large or deep, a key twice, or as `from_dict`.
        """
        return cls.from_dict(parse(text))

    def to_dict(self) -> dict[str, Any]:
        """The document that `from_dict` reads."""
        document = {
            "edgepose_spec": VERSION,
            "name": self.name,
            "task": self.task,
            "input": plain(self.input),
            "codec": {"type": self.codec.type, **plain(self.codec)},
            "outputs": dict(self.outputs),
        }
        if self.keypoints is not None:
            document["keypoints"] = plain(self.keypoints)
        document |= {"training": plain(self.training), "license": self.license}
        if self.quantization is not None:
            document["quantization"] = plain(self.quantization)
        return document

    def to_json(self, indent: int | None = None) -> str:
        """The document as text; on one line without `indent`."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)


# Types of the fields that are objects; every codec is one of CODECS.
_PARTS: dict[str, Any] = {
    "input": InputSpec,
    "codec": tuple(CODECS.values()),
    "outputs": Mapping,
    "training": TrainingSpec,
    "keypoints": (Skeleton, type(None)),
    "quantization": (QuantizationSpec, type(None)),
}


def _codec(value: Any) -> Codec:
    found = mapping("codec", value)
    if "type" not in found:
        raise SpecError("codec.type is missing")
    kind = check.choice("codec.type", found["type"], tuple(CODECS))
    rest = {key: item for key, item in found.items() if key != "type"}
    return build(CODECS[kind], "codec", rest)
