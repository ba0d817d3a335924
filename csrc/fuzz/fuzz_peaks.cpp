// SPDX-License-Identifier: Apache-2.0
// Local maxima beside the rule as it reads.
#include <algorithm>
#include <cmath>

#include "core/heatmap/peaks.h"
#include "fuzz/maps.h"

using edgepose::Peak;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Maps;
using edgepose::fuzz::MapShape;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

bool surpassed(const std::vector<float>& map, const MapShape& shape, const Peak& cell, int radius) {
  for (int y = std::max(cell.y - radius, 0); y <= std::min(cell.y + radius, shape.height - 1);
       ++y) {
    for (int x = std::max(cell.x - radius, 0); x <= std::min(cell.x + radius, shape.width - 1);
         ++x) {
      if (map[static_cast<std::size_t>(y * shape.width + x)] > cell.score) return true;
    }
  }
  return false;
}

std::vector<Peak> peaks_by_rule(const std::vector<float>& map, const MapShape& shape,
                                float threshold, int radius) {
  std::vector<Peak> peaks;
  for (int y = 0; y < shape.height; ++y) {
    for (int x = 0; x < shape.width; ++x) {
      const Peak cell{x, y, map[static_cast<std::size_t>(y * shape.width + x)]};
      if (cell.score > threshold && !surpassed(map, shape, cell, radius)) peaks.push_back(cell);
    }
  }
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.score > b.score; });
  return peaks;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const float threshold = reader.option(0.1F);
  const int radius = reader.hostile(0, 4);
  const int room = reader.between(-1, 40);
  MapShape shape = read_shape(reader, {1, 1, 40, 140}, 600);
  shape.people = shape.joints = 1;
  const Maps maps(reader, shape);
  std::vector<Peak> peaks(static_cast<std::size_t>(std::max(room, 0)));
  if (check_maps(maps.batch()) != Status::kOk) return 0;
  const Result<int> count =
      map_peaks(maps.batch().map(0, 0), threshold, radius, room, peaks.data());
  if (count.status != Status::kOk) return 0;
  const int clipped = std::min(radius, 150);  // as far as the map goes
  std::vector<Peak> expected = peaks_by_rule(maps.floats(), shape, threshold, clipped);
  expected.resize(std::min(expected.size(), peaks.size()));
  require(static_cast<std::size_t>(count.value) == expected.size(),
          "as many peaks as the rule has");
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const bool equal = peaks[i].x == expected[i].x && peaks[i].y == expected[i].y &&
                       peaks[i].score == expected[i].score;
    require(equal, "the peaks of the rule, best first");
  }
  return 0;
}
