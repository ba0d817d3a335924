# SPDX-License-Identifier: Apache-2.0
"""Network architectures (PyTorch); never imported by the runtime."""
