# SPDX-License-Identifier: Apache-2.0
"""Strides of the bottom-up networks by task; no PyTorch here."""

from __future__ import annotations

BOTTOM_UP_STRIDES = {"bottom_up_paf": 8, "bottom_up_ae": 4}
