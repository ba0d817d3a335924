# SPDX-License-Identifier: Apache-2.0
"""Numbers that training and the contract share; no PyTorch here."""

from __future__ import annotations

# Mean and standard deviation of ImageNet's pictures, RGB grey levels.
MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)
