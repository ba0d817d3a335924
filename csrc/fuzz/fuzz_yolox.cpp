// SPDX-License-Identifier: Apache-2.0
// The raw output of a YOLOX detector under any layout.
#include <cmath>

#include "core/detect/yolox.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::Result;
using edgepose::Status;
using edgepose::YoloxLayout;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  std::vector<int> steps(static_cast<std::size_t>(reader.between(0, 4)));
  for (int& step : steps) step = reader.hostile(1, 32);
  const Input<int> strides(steps);
  YoloxLayout layout;
  layout.input_width = reader.hostile(1, 64);
  layout.input_height = reader.hostile(1, 64);
  layout.strides = strides.data();
  layout.stride_count = static_cast<int>(strides.size());
  layout.class_count = reader.hostile(1, 3);
  layout.class_index = reader.hostile(0, 2);
  const float threshold = reader.option(0.3F);
  const std::int64_t rows = yolox_rows(layout);
  require(rows >= 0, "rows are counted without overflow");
  if (rows > 4096 || layout.class_count > 100) return 0;
  const auto count = static_cast<std::size_t>(rows);
  const auto width = static_cast<std::size_t>(5 + std::max(layout.class_count, 0));
  const Input<float> predictions(reader.numbers<float>(count * width));
  std::vector<float> boxes(4 * count);
  std::vector<float> score(count);
  const Result<std::int64_t> found =
      yolox_decode(predictions.data(), rows, layout, threshold, boxes.data(), score.data());
  if (found.status != Status::kOk) return 0;
  require(found.value >= 0 && found.value <= rows, "no more boxes than rows");
  for (std::size_t i = 0; i < static_cast<std::size_t>(found.value); ++i) {
    for (std::size_t k = 0; k < 4; ++k) require(std::isfinite(boxes[4 * i + k]), "finite boxes");
    require(boxes[4 * i + 2] >= boxes[4 * i] && boxes[4 * i + 3] >= boxes[4 * i + 1],
            "corners are in order");
    require(score[i] > threshold, "scores are above the threshold");
  }
  return 0;
}
