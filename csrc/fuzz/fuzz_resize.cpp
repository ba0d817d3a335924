// SPDX-License-Identifier: Apache-2.0
// One map at another size.
#include <algorithm>
#include <cmath>

#include "core/heatmap/bilinear.h"
#include "fuzz/maps.h"

using edgepose::MapView;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;
using edgepose::fuzz::same;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const int width = reader.between(1, 40);
  const int height = reader.between(1, 40);
  const int out_width = reader.hostile(1, 60);
  const int out_height = reader.hostile(1, 60);
  if (out_width > 1000 || out_height > 1000) return 0;  // good sizes, for which there is no room
  const bool backwards = reader.flag();
  const Input<float> cells(reader.numbers<float>(static_cast<std::size_t>(width * height)));
  const MapView map{cells.data() + (backwards ? width * (height - 1) : 0), width, height,
                    backwards ? -width : width};
  std::vector<float> out(static_cast<std::size_t>(std::max(out_width, 0)) *
                         static_cast<std::size_t>(std::max(out_height, 0)));
  if (resize_bilinear(map, out_width, out_height, out.data()) != Status::kOk) return 0;

  const auto& values = cells.values();
  const auto tame = [](float value) { return std::fabs(value) <= 1e30F; };
  if (!std::all_of(values.begin(), values.end(), tame)) return 0;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const float slack = 1e-30F + 1e-5F * (std::fabs(*low) + std::fabs(*high));
  for (const float value : out) {
    require(value >= *low - slack && value <= *high + slack, "a blend lies between what it blends");
  }
  const bool kept = out_width == width && out_height == height && !backwards;
  require(!kept || same(out, values), "a map that keeps its size is copied");
  return 0;
}
