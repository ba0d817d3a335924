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

// Three bytes as floats times (1, 256, 65536), the fourth is read and dropped: every lane keeps its
// byte where it lies in the word, which needs no byte shuffle. kByteUnit undoes the factors; both
// are powers of two, so nothing is rounded.
EDGEPOSE_INLINE Float4 load_bytes3(const std::uint8_t* from) {
  std::int32_t word;
  std::memcpy(&word, from, sizeof word);
  const Int4 lanes = Int4{word, word, word, word} & Int4{0xff, 0xff00, 0xff0000, 0};
  return __builtin_convertvector(lanes, Float4);
}
constexpr Float4 kByteUnit = {1.0F, 1.0F / 256.0F, 1.0F / 65536.0F, 0.0F};

EDGEPOSE_INLINE Float4 mix4(Float4 a, Float4 b, float weight) { return a + (b - a) * weight; }

}  // namespace edgepose
