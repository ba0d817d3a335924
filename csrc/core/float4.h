// SPDX-License-Identifier: Apache-2.0
// Four floats that compilers keep in one register (SSE, NEON, WASM SIMD), and the few moves that
// the picture kernels need. GCC and Clang vector extensions only, no intrinsics; bytes are read in
// little-endian order.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/multiversion.h"

namespace edgepose {

using Float4 = float __attribute__((vector_size(16)));
using Int4 = std::int32_t __attribute__((vector_size(16)));

EDGEPOSE_INLINE Float4 load4(const float* from) {
  Float4 value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

EDGEPOSE_INLINE void store4(float* to, Float4 value) { std::memcpy(to, &value, sizeof value); }

EDGEPOSE_INLINE Float4 mix4(Float4 a, Float4 b, float weight) { return a + (b - a) * weight; }

}  // namespace edgepose
