# SPDX-License-Identifier: Apache-2.0
"""Metrics: keypoint similarity and the evaluations built on it."""
