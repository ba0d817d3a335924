# SPDX-License-Identifier: Apache-2.0
"""`python -m edgepose.train CONFIG.toml`: training from a bare source tree.

Only PyTorch, OpenCV and NumPy are needed, neither the compiled core nor the command line's
packages.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from edgepose.errors import EdgePoseError


def main() -> int:
    """Parses the command line and trains."""
    parser = argparse.ArgumentParser(prog="python -m edgepose.train", description=__doc__)
    parser.add_argument("config", type=Path, help="the recipe, a TOML file")
    parser.add_argument("--data", type=Path, required=True, help="folder of packed shards")
    parser.add_argument("--output", type=Path, default=Path("runs"), help="folder of the runs")
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"), help="decoded pictures")
    parser.add_argument("--fresh", action="store_true", help="drop the run's checkpoint")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        from edgepose.train.run import train

        train(options.config, options.data, options.output, options.cache, fresh=options.fresh)
    except (EdgePoseError, ModuleNotFoundError) as error:
        logging.getLogger("edgepose.train").error("error: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
