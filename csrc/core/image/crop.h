// SPDX-License-Identifier: Apache-2.0
// Affine crop, resize, colour order, normalisation and layout in one pass.
#pragma once

#include <cstdint>

#include "core/image/picture.h"
#include "core/image/target.h"
#include "core/status.h"
#include "core/view.h"

namespace edgepose {

// How picture values become network values: out = (pixel - mean) / std.
struct CropColor {
  float mean[3] = {0, 0, 0};  // grey levels, in the order of the output channels
  float std[3] = {1, 1, 1};   // grey levels, in the order of the output channels
  bool swap_rb = false;       // output channel c is picture channel 2 - c
  float pad_value = 0;        // grey level outside the picture, before normalisation
};

// With `antialias`, a crop that shrinks the picture averages the pixels that an output pixel
// covers, where two taps along each axis would pass most of them over.
//
// Without rotation, or turned by quarters, an axis with a step above kMaxBlendedStep is the mean
// over a box as wide as the step (what cv2.resize calls INTER_AREA), up to kMaxBox pixels. Turned
// otherwise, the picture is shrunk by the whole factor nearest to step / kMaxBlendedStep along each
// of its axes and then blended. Below these steps the values are those without averaging.
struct CropOptions {
  CropColor color;
  bool antialias = true;
};
constexpr double kMaxBlendedStep = 1.5;
constexpr int kMaxBox = 256;

// The work on `count` crops comes in parts of up to kCropPartRows output rows, for callers that
// spread it over threads: crop_parts writes the rows of parts first_part .. last_part - 1 and
// nothing else, and gives the same values however the parts are shared out. No parts for a count or
// height that crop_parts refuses: above 2^40 or kMaxSide, or not positive.
constexpr int kCropPartRows = 32;
std::int64_t crop_part_count(std::int64_t count, int out_height);

// Cuts crops out of one picture.
//
// Shapes: input_to_image [count, 2, 3] row-major.
// Units:  both frames have integers at pixel centres; a matrix maps (x, y, 1) of the crop to the
//         picture. A tap outside the picture has the value pad_value, so the outermost half pixel
//         fades into it; a box takes from it what lies outside.
// Needs:  finite, regular matrices; data of the target for `count` crops.
// Gives:  any status but kOk leaves the target untouched. kBadMatrix if any of the matrices is
//         singular or not finite; kBadSize also for parts that do not exist. A crop wholly outside
//         the picture is pad_value everywhere.
// Cost:   O(output pixels) blended, O(picture pixels covered) averaged; packed pictures of three
//         bytes are read only where they are sampled, the others are brought to RGB under the whole
//         crop. No allocation, 150 KB of stack.
Status crop_parts(const Picture& picture, const double* input_to_image, std::int64_t count,
                  const CropOptions& options, const CropTarget& target, std::int64_t first_part,
                  std::int64_t last_part);

// All parts.
Status crop_picture(const Picture& picture, const double* input_to_image, std::int64_t count,
                    const CropOptions& options, const CropTarget& target);

// The same for a picture of three bytes a pixel to float32 [count, 3, out_height, out_width],
// blended from two taps along each axis at any step.
Status crop_normalize(const ImageView& image, const double* input_to_image, std::int64_t count,
                      int out_width, int out_height, const CropColor& color, float* out);

}  // namespace edgepose
