# SPDX-License-Identifier: Apache-2.0
"""Which scheme options ask for."""

from __future__ import annotations

from dataclasses import replace

from edgepose.errors import MissingDependencyError

from .integers import Integers
from .observe import Floats
from .options import Options
from .processor import Processor, suited
from .scheme import Scheme


def check_installed(options: Options) -> None:
    """Whether the packages are there that the options need.

    Raises:
        MissingDependencyError: One is not installed.
    """
    if options.backend != "openvino":
        return
    try:
        from .openvino_integers import import_nncf
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"backend openvino needs {error.name}; pip install 'edgepose[quantize-openvino]'"
        ) from error
    import_nncf()


def choose_scheme(options: Options, processor: Processor, inputs: Floats) -> Scheme:
    """The scheme for a processor.

    Args:
        options: What is wanted.
        processor: Of this machine.
        inputs: Calibration crops.

    Raises:
        InputError: The runtime does not have these activations.
        MissingDependencyError: It, or what quantizes for it, is not installed.
    """
    wanted = options.activations
    numbers = suited(processor, wanted, options.weight_bits, per_channel=options.per_channel)
    if options.backend == "onnxruntime":
        return Integers(numbers, options.method)
    check_installed(options)
    from .openvino_integers import OpenVinoIntegers

    if wanted == "auto":  # its integer kernels take these on every processor
        numbers = replace(numbers, activations="uint8")
    return OpenVinoIntegers(numbers, options.method, inputs)
