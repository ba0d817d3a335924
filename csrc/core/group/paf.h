// SPDX-License-Identifier: Apache-2.0
// People from heatmaps and part affinity fields (Cao et al. 2017, "Realtime Multi-Person 2D Pose
// Estimation using Part Affinity Fields").
//
//   const PafOptions options = paf_openpose();
//   std::vector<std::byte> memory(paf_workspace_bytes(width, height, skeleton, options));
//   const Result<int> people = paf_group(heat, paf, skeleton, options, 30, memory.data(), out);
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/group/paf_options.h"
#include "core/group/paf_skeleton.h"
#include "core/status.h"
#include "core/view.h"

namespace edgepose {

// People of a picture by falling score; each array is the caller's.
struct PafOutput {
  float* xy = nullptr;           // [max_people, K, 2] enlarged cells, (0, 0) where missing
  float* joint_score = nullptr;  // [max_people, K] value of the heatmap, 0 where missing
  bool* found = nullptr;         // [max_people, K]
  float* score = nullptr;        // [max_people]
};

// Bytes of workspace for maps of this size; 0 for a size, a skeleton or options that paf_group
// refuses.
std::size_t paf_workspace_bytes(int width, int height, const PafSkeleton& skeleton,
                                const PafOptions& options);

// Finds the peaks of each part, links them along the fields, puts people together and drops those
// with little support.
//
// Shapes: heat is one picture of K or more channels, further ones (background) are not read; paf
//         one picture of the same size. Any strides.
// Units:  enlarged cells: cell (x, y) of the maps enlarged `upscale` times. Nothing is enlarged as
//         a whole: values are interpolated where a peak can be and where a link is sampled.
// Needs:  workspace of paf_workspace_bytes bytes at any address.
// Gives:  the number of people, the best max_people of them; 0 without parts or limbs.
// Limits: NaN cells are no peaks, fields that are NaN or infinite link nothing.
// Cost:   O(K * H * W) to scan, O(samples * A * B) per limb between A and B peaks, O(people) per
//         link; no allocation.
Result<int> paf_group(const MapBatch& heat, const MapBatch& paf, const PafSkeleton& skeleton,
                      const PafOptions& options, int max_people, void* workspace,
                      const PafOutput& out);

}  // namespace edgepose
