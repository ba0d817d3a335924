// SPDX-License-Identifier: Apache-2.0
// Boxes from the maps of a centre detector.
#include <algorithm>
#include <cmath>

#include "core/detect/centers.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::Peak;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const float stride = reader.option(4.0F);
  const float threshold = reader.option(0.3F);
  const int room = reader.hostile(0, 30);
  const int width = reader.between(1, 80);
  const int height = reader.between(1, 20);
  if (room > 1000) return 0;
  const auto area = static_cast<std::size_t>(width * height);
  const Input<float> heatmap(reader.numbers<float>(area));
  const Input<float> sizes(reader.numbers<float>(2 * area));
  const Input<float> offset(reader.numbers<float>(2 * area));
  const auto rows = static_cast<std::size_t>(std::max(room, 0));
  std::vector<Peak> workspace(rows);
  std::vector<float> boxes(4 * rows);
  std::vector<float> score(rows);
  const Result<int> count =
      centers_decode({heatmap.data(), sizes.data(), offset.data(), width, height}, stride,
                     threshold, room, workspace.data(), boxes.data(), score.data());
  if (count.status != Status::kOk) return 0;
  require(count.value >= 0 && count.value <= room, "no more boxes than there is room for");
  for (int i = 0; i < count.value; ++i) {
    const float* box = boxes.data() + static_cast<std::ptrdiff_t>(4) * i;
    for (int k = 0; k < 4; ++k) require(std::isfinite(box[k]), "every box is finite");
    require(box[2] >= box[0] && box[3] >= box[1], "corners are in order");
    require(score[static_cast<std::size_t>(i)] > threshold, "scores are above the threshold");
    require(i == 0 || score[static_cast<std::size_t>(i)] <= score[static_cast<std::size_t>(i - 1)],
            "boxes come by falling score");
  }
  return 0;
}
