# SPDX-License-Identifier: Apache-2.0
"""Training of the networks (PyTorch, OpenCV and NumPy only); never imported by the runtime."""
