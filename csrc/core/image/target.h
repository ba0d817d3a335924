// SPDX-License-Identifier: Apache-2.0
// Where crops are written and as what.
#pragma once

#include "core/status.h"

namespace edgepose {

enum class ValueType {
  kFloat32,
  kFloat16,  // rounded to the nearest, ties to even
  kUint8,    // quantised
  kInt8,     // quantised
};

enum class TensorLayout { kChannelsFirst, kChannelsLast };

// Memory of the caller for count crops, [count, 3, height, width] or [count, height, width, 3],
// without gaps.
//
// Quantised values are round(value / scale) + zero_point, ties to the even integer, held to the
// range of the type: what ONNX's QuantizeLinear gives. The division is folded into the
// normalisation, so a value within float rounding of a tie may fall to the other side.
struct CropTarget {
  void* data = nullptr;
  int width = 0;
  int height = 0;
  ValueType type = ValueType::kFloat32;
  TensorLayout layout = TensorLayout::kChannelsFirst;
  float scale = 1.0F;  // quantised types only
  int zero_point = 0;  // quantised types only
};

// kBadSize: a side outside 1..kMaxSide. kBadTarget: an unknown type or layout, a scale that is not
// positive and finite, or a zero point that the type does not hold.
Status check_target(const CropTarget& target);

// Bytes of one value.
int value_bytes(ValueType type);

}  // namespace edgepose
