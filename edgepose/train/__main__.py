# SPDX-License-Identifier: Apache-2.0
"""``python -m edgepose.train CONFIG.toml``: training from a bare source tree."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from edgepose.errors import EdgePoseError
from edgepose.train.run import train


def main() -> int:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m edgepose.train", description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of packed shards")
    parser.add_argument("--output", type=Path, default=Path("runs"))
    parser.add_argument("--cache", type=Path, default=Path("runs/cache"))
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        train(arguments.config, arguments.data, arguments.output, arguments.cache)
    except EdgePoseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
