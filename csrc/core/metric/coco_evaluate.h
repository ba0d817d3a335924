// SPDX-License-Identifier: Apache-2.0
// COCO's keypoint evaluation of a whole data set: match every image, then accumulate.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/metric/coco_types.h"
#include "core/status.h"

namespace edgepose {

struct CocoInput {
  CocoLabels labels;
  CocoPredictions predictions;
  const std::int64_t* images = nullptr;  // [I] ids to evaluate, rising without repeats
  std::int64_t image_count = 0;
  // Similarities that the caller computed, or null: image by image in the order of `images`, each
  // [its best predictions by falling score, at most max_detections; its labels in their order].
  const double* similarity = nullptr;
  std::int64_t similarity_count = 0;
};

// Bytes of working memory that coco_evaluate needs: linear in N, M and I. 0 for sizes that it
// refuses.
std::size_t coco_evaluate_bytes(const CocoInput& input, const CocoProtocol& protocol);

// Average precision and recall as pycocotools and xtcocotools count them. An unmatched prediction
// whose area lies outside a range does not count in it; a match with an ignored label neither.
// Ties: equal scores go by position in the input within an image, and by image across images.
//
// Needs:  `workspace` of coco_evaluate_bytes() bytes. This is not a per-frame function, but the
//         memory is the caller's all the same: nothing here can throw.
// Gives:  the curves; kBadSize for counts below 0 or above 2^40, more than kMaxCocoThresholds
//         thresholds or 1,024 ranges, images that do not rise, or a similarity_count that does not
//         fit; kBadThreshold for a NaN threshold. A NaN score goes last and is -infinity in the
//         curves.
// Cost:   O(labels x predictions x K) within each image, O(M log M) for the order. No allocation.
// Paper:  Lin et al., Microsoft COCO: Common Objects in Context.
Status coco_evaluate(const CocoInput& input, const CocoProtocol& protocol, void* workspace,
                     const CocoCurves& curves);

}  // namespace edgepose
