# SPDX-License-Identifier: Apache-2.0
"""Slow, obvious NumPy forms of what the core computes."""
