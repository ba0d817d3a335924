# SPDX-License-Identifier: Apache-2.0
"""Published networks, their parameters named and shaped as their authors released them."""
