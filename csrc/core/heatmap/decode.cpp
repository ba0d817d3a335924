// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/decode.h"

#include <algorithm>
#include <cmath>

#include "core/heatmap/argmax.h"
#include "core/heatmap/blur.h"
#include "core/heatmap/dark.h"
#include "core/heatmap/integral.h"
#include "core/heatmap/megvii.h"
#include "core/heatmap/subpixel.h"

namespace edgepose {
namespace {

constexpr std::int64_t kJoints = 64;  // whose cells are kept at once

bool blurs(Subpixel subpixel) {
  return subpixel == Subpixel::kDark || subpixel == Subpixel::kUdp ||
         subpixel == Subpixel::kMegvii || subpixel == Subpixel::kMspn;
}

Status check_options(const DecodeOptions& options) {
  const int size = options.blur_kernel;
  if (blurs(options.subpixel) && (size < 1 || size > kMaxBlurKernel || size % 2 == 0)) {
    return Status::kBadBlurKernel;
  }
  if (options.subpixel == Subpixel::kMspn) {
    if (options.shift_count < 0 || options.shift_count > kMaxShifts) return Status::kBadOption;
    for (int i = 0; i < options.shift_count; ++i) {
      if (!(options.shifts[i] >= 0.0F && options.shifts[i] <= 1.0F)) return Status::kBadOption;
    }
  }
  const bool soft = options.beta > 0.0F && std::isfinite(options.beta);
  return options.subpixel == Subpixel::kIntegral && !soft ? Status::kBadOption : Status::kOk;
}

Place moved(const Cell& cell, const Shift& shift) {
  return {static_cast<float>(cell.x) + shift.x, static_cast<float>(cell.y) + shift.y, cell.score};
}

// The step of kDark or kUdp, or none where that is too long.
Place stepped(const Cell& cell, const Shift& shift, const DecodeOptions& options,
              const BlurKernel& kernel) {
  const double longest = std::max(std::fabs(shift.x), std::fabs(shift.y));
  const bool taken = !options.bounded || longest <= longest_dark_step(kernel);
  return moved(cell, taken ? shift : Shift{});
}

bool inside(const HeatmapView& map, const Place& place) {
  return place.x >= -0.5F && place.x <= static_cast<float>(map.width) - 0.5F && place.y >= -0.5F &&
         place.y <= static_cast<float>(map.height) - 0.5F;
}

Place integral_place(const HeatmapView& map, const Cell& cell, const DecodeOptions& options) {
  const Place place = moved(cell, integral_shift(map, cell, options.beta, options.debias));
  if (!options.bounded || !options.debias || inside(map, place)) return place;
  return moved(cell, integral_shift(map, cell, options.beta, false));
}

Place place_of(const HeatmapView& map, const Cell& cell, const DecodeOptions& options,
               const BlurKernel& kernel) {
  if (std::isnan(cell.score)) return moved(cell, {});
  switch (options.subpixel) {
    case Subpixel::kNone:
      break;
    case Subpixel::kQuarter:
      return moved(cell, quarter_shift(map, cell));
    case Subpixel::kQuadratic:
      return moved(cell, quadratic_shift(map, cell));
    case Subpixel::kDark:
      return stepped(cell, dark_shift(map, cell, kernel), options, kernel);
    case Subpixel::kUdp:
      return stepped(cell, udp_shift(map, cell, kernel), options, kernel);
    case Subpixel::kMegvii:
      return megvii_place(map, cell, kernel);
    case Subpixel::kMspn:
      return mspn_place(map, cell, kernel, options.shifts, options.shift_count);
    case Subpixel::kIntegral:
      return integral_place(map, cell, options);
  }
  return moved(cell, {});
}

}  // namespace

Status heatmap_decode(const HeatmapBatch& maps, const DecodeOptions& options, float* xy,
                      float* score) {
  Status status = check_options(options);
  if (status == Status::kOk) status = check_maps(maps);
  if (status != Status::kOk || maps.empty()) return status;
  if (xy == nullptr || score == nullptr) return Status::kNullPointer;
  BlurKernel kernel;
  if (blurs(options.subpixel)) kernel = blur_kernel_of(options.blur_kernel);
  Cell cells[kJoints];
  for (std::int64_t person = 0; person < maps.people; ++person) {
    for (std::int64_t first = 0; first < maps.joints; first += kJoints) {
      const std::int64_t count = std::min(kJoints, maps.joints - first);
      person_argmax(maps, person, first, count, cells);
      for (std::int64_t i = 0; i < count; ++i) {
        const Place place = place_of(maps.map(person, first + i), cells[i], options, kernel);
        *xy++ = place.x;
        *xy++ = place.y;
        *score++ = place.score;
      }
    }
  }
  return Status::kOk;
}

Status heatmap_decode(const HeatmapBatch& maps, Subpixel subpixel, int blur_kernel, float* xy,
                      float* score) {
  DecodeOptions options;
  options.subpixel = subpixel;
  options.blur_kernel = blur_kernel;
  return heatmap_decode(maps, options, xy, score);
}

}  // namespace edgepose
