// SPDX-License-Identifier: Apache-2.0
// Suppression of boxes.
#include <algorithm>
#include <cmath>

#include "core/detect/box_nms.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

double area(double width, double height) {
  return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

double overlap(const float* a, const float* b) {
  const auto at = [](float value) { return static_cast<double>(value); };
  const double shared = area(at(std::min(a[2], b[2])) - at(std::max(a[0], b[0])),
                             at(std::min(a[3], b[3])) - at(std::max(a[1], b[1])));
  const double both = area(at(a[2]) - at(a[0]), at(a[3]) - at(a[1])) +
                      area(at(b[2]) - at(b[0]), at(b[3]) - at(b[1])) - shared;
  return shared > 0.0 ? shared / both : 0.0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const float threshold = reader.option(0.5F);
  const int count = reader.between(0, 40);
  const Input<float> boxes(reader.numbers<float>(4 * static_cast<std::size_t>(count)));
  const Input<float> score(reader.numbers<float>(static_cast<std::size_t>(count)));
  std::vector<std::int64_t> kept(static_cast<std::size_t>(count));
  const Result<std::int64_t> found =
      edgepose::box_nms(boxes.data(), score.data(), count, threshold, kept.data());
  if (found.status != Status::kOk) return 0;
  edgepose::fuzz::require_distinct(kept.data(), found.value, count);
  for (std::int64_t i = 0; i < found.value; ++i) {
    const std::int64_t here = kept[static_cast<std::size_t>(i)];
    const float value = score[static_cast<std::size_t>(here)];
    require(!std::isnan(value), "a row with a NaN is never kept");
    for (std::int64_t k = 0; k < i; ++k) {
      const std::int64_t better = kept[static_cast<std::size_t>(k)];
      const float higher = score[static_cast<std::size_t>(better)];
      require(higher > value || (higher == value && better < here), "by falling score, then index");
      const double iou = overlap(boxes.data() + 4 * better, boxes.data() + 4 * here);
      require(iou == 0.0 || !(iou > static_cast<double>(threshold)),
              "no two kept boxes overlap too much");
    }
  }
  return 0;
}
