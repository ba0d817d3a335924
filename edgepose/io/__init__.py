# SPDX-License-Identifier: Apache-2.0
"""Pictures, labels and results, in and out of files."""
