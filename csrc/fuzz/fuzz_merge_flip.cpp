// SPDX-License-Identifier: Apache-2.0
// Flip test: any two kinds of maps averaged, beside the formula.
#include "core/heatmap/merge_flip.h"
#include "fuzz/maps.h"

using edgepose::FlipOptions;
using edgepose::HeatmapView;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Maps;
using edgepose::fuzz::MapShape;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;
using edgepose::fuzz::same;

namespace {

float back_at(const HeatmapView& flipped, const FlipOptions& options, int x, int y) {
  const std::int64_t moved = std::int64_t{x} - options.shift;
  const int from = moved >= 0 && moved < flipped.width ? static_cast<int>(moved) : x;
  return cell_value(flipped, options.mirror ? flipped.width - 1 - from : from, y);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  FlipOptions options;
  options.mirror = reader.flag();
  options.shift = reader.hostile(-3, 3);
  const MapShape shape = read_shape(reader, {3, 6, 20, 300}, 1500);
  std::vector<std::int64_t> partners(static_cast<std::size_t>(shape.joints));
  for (std::int64_t& partner : partners) partner = reader.hostile(0, shape.joints - 1);
  const Input<std::int64_t> joint_of(partners);
  const Maps maps(reader, shape);
  const Maps flipped(reader, shape);
  std::vector<float> merged(shape.cells());
  const Status status =
      heatmap_merge_flip(maps.batch(), flipped.batch(), joint_of.data(), options, merged.data());
  if (status != Status::kOk) return 0;
  const float* at = merged.data();
  for (int person = 0; person < shape.people; ++person) {
    for (int joint = 0; joint < shape.joints; ++joint) {
      const HeatmapView map = maps.batch().map(person, joint);
      const HeatmapView back =
          flipped.batch().map(person, joint_of[static_cast<std::size_t>(joint)]);
      for (int y = 0; y < shape.height; ++y) {
        for (int x = 0; x < shape.width; ++x) {
          const float mean = 0.5F * (cell_value(map, x, y) + back_at(back, options, x, y));
          require(same(*at++, mean), "merged is the mean of both");
        }
      }
    }
  }
  return 0;
}
