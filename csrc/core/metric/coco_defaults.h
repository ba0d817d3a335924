// SPDX-License-Identifier: Apache-2.0
// Constants of COCO's keypoint evaluation.
#pragma once

namespace edgepose {

constexpr int kMaxCocoThresholds = 32;  // matches are kept as bits of one word
constexpr int kCocoThresholdCount = 10;
constexpr int kCocoRecallCount = 101;
constexpr int kCocoRangeCount = 3;

template <int kCount>
struct EvenlySpaced {
  double value[kCount];

  // The last value is `to` itself and not a rounded sum.
  constexpr EvenlySpaced(double from, double to) : value() {
    const double step = (to - from) / (kCount - 1);
    for (int i = 0; i < kCount; ++i) value[i] = i == kCount - 1 ? to : i * step + from;
  }
};

inline constexpr EvenlySpaced<kCocoThresholdCount> kCocoThresholds{0.5, 0.95};
inline constexpr EvenlySpaced<kCocoRecallCount> kCocoRecalls{0.0, 1.0};

// All, medium, large, in square pixels.
inline constexpr double kCocoAreaRanges[2 * kCocoRangeCount] = {0.0,    1e10,   1024.0,
                                                                9216.0, 9216.0, 1e10};

}  // namespace edgepose
