// SPDX-License-Identifier: Apache-2.0
// The crop by any affine matrix, four taps per output pixel. A run of output pixels first fetches
// its taps, two side by side in one load of eight bytes; loops over plain memory then mix them
// channel by channel, many pixels at once. Pixels whose taps touch the border go through a careful
// twin afterwards.
#include <cstdint>
#include <cstring>

#include "core/float4.h"
#include "core/image/crop_paths.h"
#include "core/image/taps.h"

namespace edgepose::crop {
namespace {

constexpr int kRunColumns = 192;

EDGEPOSE_INLINE const std::uint8_t* row_of(const Picture& image, int y) {
  return image.plane[0] + y * image.row_stride[0];
}

EDGEPOSE_INLINE Float4 tap_or_pad(const Picture& image, int x, int y, float pad) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return Float4{pad, pad, pad, pad};
  const std::uint8_t* pixel = row_of(image, y) + 3 * static_cast<std::ptrdiff_t>(x);
  return Float4{static_cast<float>(pixel[0]), static_cast<float>(pixel[1]),
                static_cast<float>(pixel[2]), 0.0F};
}

EDGEPOSE_INLINE Float4 sample_border(const Picture& image, Tap x, Tap y, float pad) {
  const Float4 upper = mix4(tap_or_pad(image, x.index, y.index, pad),
                            tap_or_pad(image, x.index + 1, y.index, pad), x.weight);
  const Float4 lower = mix4(tap_or_pad(image, x.index, y.index + 1, pad),
                            tap_or_pad(image, x.index + 1, y.index + 1, pad), x.weight);
  return mix4(upper, lower, y.weight);
}

// The left tap of each pixel of a run in one of its two rows, and the right one, as words.
struct Pairs {
  std::uint64_t bytes[kRunColumns];  // eight from the left tap on
  std::uint32_t left[kRunColumns];
  std::uint32_t right[kRunColumns];
};

// A run of output pixels in one row.
struct Run {
  double x_part[kRunColumns];  // of a place, what the column adds: the same in every row
  double y_part[kRunColumns];
  int x[kRunColumns];
  int y[kRunColumns];
  float x_weight[kRunColumns];
  float y_weight[kRunColumns];
  std::ptrdiff_t offset[kRunColumns];  // of the upper left tap in the picture's bytes
  Pairs upper;
  Pairs lower;
  float planes[3][kRunColumns];
};

// Places whose taps can be fetched: 0 <= x <= width - 3 and 0 <= y <= height - 2. A load of eight
// bytes from the left tap on holds two pixels and two bytes more.
struct Inside {
  int last_x;
  int last_y;

  explicit Inside(const Picture& image)
      : last_x(image.height >= 2 ? image.width - 3 : -1), last_y(image.height - 2) {}

  bool empty() const { return last_x < 0; }
  EDGEPOSE_INLINE bool holds(int x, int y) const {
    return (x >= 0) & (x <= last_x) & (y >= 0) & (y <= last_y);
  }
};

// Taps of places that need no care: floor is truncation and nothing is pulled in.
EDGEPOSE_INLINE void inner_taps(const double* part, double start, int count, int* index,
                                float* weight) {
  for (int i = 0; i < count; ++i) {
    const double place = part[i] + start;
    index[i] = static_cast<int>(place);
    weight[i] = static_cast<float>(place - index[i]);
  }
}

EDGEPOSE_INLINE void any_taps(const double* part, double start, int count, int side, int* index,
                              float* weight) {
  for (int i = 0; i < count; ++i) {
    const Tap tap = tap_of(part[i] + start, side);
    index[i] = tap.index;
    weight[i] = tap.weight;
  }
}

// Gives whether all of them are inside.
EDGEPOSE_INLINE bool find_taps(const Picture& image, const Inside& inside, double x0, double y0,
                               int count, Run* run) {
  // Places lie on a line: all are inside if the first and the last are.
  const auto holds = [&](int i) __attribute__((always_inline)) {
    const Tap x = tap_of(run->x_part[i] + x0, image.width);
    const Tap y = tap_of(run->y_part[i] + y0, image.height);
    return inside.holds(x.index, y.index) && run->x_part[i] + x0 >= 0.0 &&
           run->y_part[i] + y0 >= 0.0;
  };
  const bool all = holds(0) && holds(count - 1);
  if (all) {
    inner_taps(run->x_part, x0, count, run->x, run->x_weight);
    inner_taps(run->y_part, y0, count, run->y, run->y_weight);
  } else {
    any_taps(run->x_part, x0, count, image.width, run->x, run->x_weight);
    any_taps(run->y_part, y0, count, image.height, run->y, run->y_weight);
  }
  return all;
}

EDGEPOSE_INLINE void split(int count, Pairs* pairs) {
  for (int i = 0; i < count; ++i) {
    pairs->left[i] = static_cast<std::uint32_t>(pairs->bytes[i]);
    pairs->right[i] = static_cast<std::uint32_t>(pairs->bytes[i] >> 24);
  }
}

EDGEPOSE_INLINE void fetch_taps(const Picture& image, const Inside& inside, bool all, int count,
                                Run* run) {
  const std::ptrdiff_t stride = image.row_stride[0];
  const std::uint8_t* const data = image.plane[0];
  for (int i = 0; i < count; ++i) {
    run->offset[i] = run->y[i] * stride + 3 * static_cast<std::ptrdiff_t>(run->x[i]);
  }
  if (!all) {  // places at the border fetch the first pixel, which is not looked at
    for (int i = 0; i < count; ++i) {
      if (!inside.holds(run->x[i], run->y[i])) run->offset[i] = 0;
    }
  }
  for (int i = 0; i < count; ++i) {
    const std::uint8_t* const from = data + run->offset[i];
    std::memcpy(run->upper.bytes + i, from, sizeof(std::uint64_t));
    std::memcpy(run->lower.bytes + i, from + stride, sizeof(std::uint64_t));
  }
  split(count, &run->upper);
  split(count, &run->lower);
}

EDGEPOSE_INLINE float byte_of(std::uint32_t word, int channel) {
  return static_cast<float>(static_cast<std::int32_t>((word >> (8 * channel)) & 0xff));
}

EDGEPOSE_INLINE float mix(float a, float b, float weight) { return a + (b - a) * weight; }

template <int kChannel>
EDGEPOSE_INLINE void mix_taps(int count, Run* run) {
  for (int i = 0; i < count; ++i) {
    const float upper = mix(byte_of(run->upper.left[i], kChannel),
                            byte_of(run->upper.right[i], kChannel), run->x_weight[i]);
    const float lower = mix(byte_of(run->lower.left[i], kChannel),
                            byte_of(run->lower.right[i], kChannel), run->x_weight[i]);
    run->planes[kChannel][i] = mix(upper, lower, run->y_weight[i]);
  }
}

EDGEPOSE_INLINE void mix_border(const Picture& image, const Inside& inside, float pad, int count,
                                Run* run) {
  for (int i = 0; i < count; ++i) {
    if (inside.holds(run->x[i], run->y[i])) continue;
    const Float4 pixel =
        sample_border(image, {run->x[i], run->x_weight[i]}, {run->y[i], run->y_weight[i]}, pad);
    for (int channel = 0; channel < 3; ++channel) run->planes[channel][i] = pixel[channel];
  }
}

EDGEPOSE_MULTIVERSION
void crop_columns(const Job& job, int first, int count) {
  const Picture& image = job.picture;
  const Affine& affine = job.affine;
  const Inside inside(image);
  Run run;
  for (int i = 0; i < count; ++i) {
    run.x_part[i] = affine.xx * (first + i);
    run.y_part[i] = affine.yx * (first + i);
  }
  for (int y = job.row_begin; y < job.row_end; ++y) {
    const bool all =
        find_taps(image, inside, affine.xy * y + affine.x0, affine.yy * y + affine.y0, count, &run);
    if (!inside.empty()) {
      fetch_taps(image, inside, all, count, &run);
      mix_taps<0>(count, &run);
      mix_taps<1>(count, &run);
      mix_taps<2>(count, &run);
    }
    if (!all) mix_border(image, inside, job.out.pad_value, count, &run);
    store_planes(run.planes[0], kRunColumns, count, job.out, y, first);
  }
}

}  // namespace

void crop_general(const Job& job) {
  for (int first = 0; first < job.out.width; first += kRunColumns) {
    const int left = job.out.width - first;
    crop_columns(job, first, left < kRunColumns ? left : kRunColumns);
  }
}

}  // namespace edgepose::crop
