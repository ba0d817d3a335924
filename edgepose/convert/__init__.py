# SPDX-License-Identifier: Apache-2.0
"""Models from one file format to another, compared before and after."""
