# SPDX-License-Identifier: Apache-2.0
"""Runs a pipeline over an annotated data set and measures it."""

from edgepose.evaluation.report import Evaluation
from edgepose.evaluation.run import Pipeline, evaluate

__all__ = ["Evaluation", "Pipeline", "evaluate"]
