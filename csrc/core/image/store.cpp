// SPDX-License-Identifier: Apache-2.0
#include "core/image/store.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/image/float16.h"
#include "core/multiversion.h"
#include "core/view.h"

namespace edgepose {
namespace {

bool quantized(ValueType type) { return type == ValueType::kUint8 || type == ValueType::kInt8; }

}  // namespace

int value_bytes(ValueType type) {
  return type == ValueType::kFloat32 ? 4 : type == ValueType::kFloat16 ? 2 : 1;
}

Status check_target(const CropTarget& target) {
  if (target.width < 1 || target.height < 1) return Status::kBadSize;
  if (target.width > kMaxSide || target.height > kMaxSide) return Status::kBadSize;
  if (target.type < ValueType::kFloat32 || target.type > ValueType::kInt8) {
    return Status::kBadTarget;
  }
  if (target.layout < TensorLayout::kChannelsFirst || target.layout > TensorLayout::kChannelsLast) {
    return Status::kBadTarget;
  }
  if (!quantized(target.type)) return Status::kOk;
  const int low = target.type == ValueType::kUint8 ? 0 : -128;
  const bool scale_ok = target.scale > 0.0F && std::isfinite(target.scale);
  const bool zero_ok = target.zero_point >= low && target.zero_point <= low + 255;
  return scale_ok && zero_ok ? Status::kOk : Status::kBadTarget;
}

namespace crop {
namespace {

struct AsFloat {
  using Value = float;
  EDGEPOSE_INLINE float operator()(float value) const { return value; }
};

struct AsHalf {
  using Value = std::uint16_t;
  EDGEPOSE_INLINE std::uint16_t operator()(float value) const { return float16_bits(value); }
};

template <typename T>
struct AsInteger {
  using Value = T;
  float low;
  float high;
  int zero_point;

  AsInteger(int zero, int lowest)
      : low(static_cast<float>(lowest - zero)),
        high(static_cast<float>(lowest + 255 - zero)),
        zero_point(zero) {}

  EDGEPOSE_INLINE T operator()(float value) const {
    const float above = value > low ? value : low;  // NaN becomes the lowest
    const float held = above < high ? above : high;
    // At 1.5 * 2^23 a float's last bit is a whole: adding it rounds, ties to even.
    const float whole = (held + 12582912.0F) - 12582912.0F;
    return static_cast<T>(static_cast<int>(whole) + zero_point);
  }
};

// Value of lane l of pixel i at pixels[i * kStep + l * lane_step].
template <int kStep, typename Convert>
EDGEPOSE_INLINE void store_as(const float* pixels, std::ptrdiff_t lane_step, int count,
                              const Output& out, std::ptrdiff_t at, Convert convert) {
  using Value = typename Convert::Value;
  auto* data = static_cast<Value*>(out.data);
  if (out.layout == TensorLayout::kChannelsLast) {
    Value* to = data + 3 * at;
    const float* a = pixels + out.lane[0] * lane_step;
    const float* b = pixels + out.lane[1] * lane_step;
    const float* c = pixels + out.lane[2] * lane_step;
    const float scale[3] = {out.scale[0], out.scale[1], out.scale[2]};
    const float bias[3] = {out.bias[0], out.bias[1], out.bias[2]};
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      to[3 * i] = convert(a[kStep * i] * scale[0] + bias[0]);
      to[3 * i + 1] = convert(b[kStep * i] * scale[1] + bias[1]);
      to[3 * i + 2] = convert(c[kStep * i] * scale[2] + bias[2]);
    }
    return;
  }
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(out.width) * out.height;
  for (int channel = 0; channel < 3; ++channel) {
    Value* to = data + channel * area + at;
    const float* from = pixels + out.lane[channel] * lane_step;
    const float scale = out.scale[channel];
    const float bias = out.bias[channel];
    for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = convert(from[kStep * i] * scale + bias);
  }
}

template <int kStep>
EDGEPOSE_INLINE void store_pixels(const float* pixels, std::ptrdiff_t lane_step, int count,
                                  const Output& out, int row, int column) {
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(row) * out.width + column;
  switch (out.type) {
    case ValueType::kFloat32:
      return store_as<kStep>(pixels, lane_step, count, out, at, AsFloat{});
    case ValueType::kFloat16:
      return store_as<kStep>(pixels, lane_step, count, out, at, AsHalf{});
    case ValueType::kUint8:
      return store_as<kStep>(pixels, lane_step, count, out, at,
                             AsInteger<std::uint8_t>(out.zero_point, 0));
    case ValueType::kInt8:
      return store_as<kStep>(pixels, lane_step, count, out, at,
                             AsInteger<std::int8_t>(out.zero_point, -128));
  }
}

}  // namespace

EDGEPOSE_MULTIVERSION
void store_row(const float* pixels, int count, const Output& out, int row, int column) {
  store_pixels<4>(pixels, 1, count, out, row, column);
}

EDGEPOSE_MULTIVERSION
void store_planes(const float* planes, std::ptrdiff_t plane, int count, const Output& out, int row,
                  int column) {
  store_pixels<1>(planes, plane, count, out, row, column);
}

}  // namespace crop
}  // namespace edgepose
