// SPDX-License-Identifier: Apache-2.0
// The small rules around COCO's keypoint evaluation: areas, CrowdPose's levels, rows per image.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// A person's mask covers about this share of its box (xtcocotools, with use_area off).
constexpr double kBoxAreaShare = 0.53;

enum class AreaPolicy {
  kAnnotation,  // the annotation's area; 0.53 x box area where that is NaN
  kBox,         // 0.53 x box area throughout
};

// Area of each labelled person, as the evaluation uses it.
// Shapes: box [N, 4] xyxy, area [N] (read with kAnnotation only), out [N].
// Units:  px, px^2.
Status label_areas(const double* box, const double* area, std::int64_t count, AreaPolicy policy,
                   double* out);

// Levels of CrowdPose by an image's crowd index: below `medium`, below `hard`, the rest. The
// defaults are those of xtcocotools. NaN is kHard, as it fails both comparisons there.
// Paper: Li et al., CrowdPose: Efficient Crowded Scenes Pose Estimation and A New Benchmark.
enum class CrowdLevel : std::uint8_t { kEasy = 0, kMedium = 1, kHard = 2 };
CrowdLevel crowd_level(double crowd_index, double medium = 0.2, double hard = 0.8);

// The rows of each image, in their own order; rows of other images are left out.
// Shapes: image_id [N], images [I] rising without repeats, rows [N], start [I + 1]: the rows of
//         image i are rows[start[i]] .. rows[start[i + 1]].
// Gives:  kBadSize when `images` does not rise.
// Cost:   O(N log I), two passes; no allocation.
Status group_by_image(const std::int64_t* image_id, std::int64_t count, const std::int64_t* images,
                      std::int64_t image_count, std::int64_t* rows, std::int64_t* start);

}  // namespace edgepose
