// SPDX-License-Identifier: Apache-2.0
// What the tables of several codecs share.
#pragma once

#include <initializer_list>

#include "core/contract/tables.h"
#include "core/geometry/warp.h"

#define EDGEPOSE_CODEC(member) offsetof(ContractCodec, member)

namespace edgepose::contract {

inline constexpr std::int32_t kMaxStride = 128;
inline constexpr std::int32_t kMaxPeople = 1000;
inline constexpr std::int32_t kMaxChannels = 10'000;

inline constexpr Choice kWarps[] = {word("half_pixel", Warp::kHalfPixel), word("udp", Warp::kUdp),
                                    word("legacy", Warp::kLegacy)};
inline constexpr Field kStride = integer("stride", EDGEPOSE_CODEC(stride), 1, kMaxStride);
inline constexpr Field kWarp = choice("warp", EDGEPOSE_CODEC(warp), kWarps);

Rows<CodecRow> top_down_codecs();
Rows<CodecRow> bottom_up_codecs();
Rows<CodecRow> detector_codecs();

// A field of the codec that some choices of another, `chosen` with the given words, need and the
// rest does not know.
struct Owned {
  const char* field;
  bool there;
};
Status belongs(const Reading& reading, Owned owned, const Field& chosen, std::int32_t value,
               std::int32_t owner);

// A field of the codec that is needed by what `chosen` has, and ignored otherwise.
Status needs(const Reading& reading, const char* field, const Field& chosen, std::int32_t value);

// Cells of a stride must tile the input.
Status check_stride(const Reading& reading, std::int32_t stride, const ContractInput& input);

// The same of the codec's maps; and Warp::kUdp needs a distance to scale by.
Status check_maps(const Reading& reading, const ContractCodec& codec, const ContractInput& input);

// "<path> must be a whole number 0..<high>; got <value>" unless it is.
Status check_index(const Reading& reading, const Path& path, std::int32_t value, std::int32_t high);

}  // namespace edgepose::contract
