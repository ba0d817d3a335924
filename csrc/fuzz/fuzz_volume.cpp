// SPDX-License-Identifier: Apache-2.0
// The highest cell and the mean place of volumes.
#include <cmath>

#include "core/heatmap/volume.h"
#include "fuzz/maps.h"

using edgepose::Status;
using edgepose::VolumeBatch;
using edgepose::fuzz::Maps;
using edgepose::fuzz::MapShape;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const float beta = reader.option(1.0F);
  const int depth = reader.between(1, 9);
  MapShape shape = read_shape(reader, {2, 4, 70, 70}, 600);
  shape.joints *= depth;  // a volume is so many maps side by side
  const Maps maps(reader, shape);
  VolumeBatch volumes{maps.batch(), reader.flag() ? depth : reader.hostile(depth, depth), 0};
  if (volumes.depth > depth) return 0;  // would be read beyond the memory
  volumes.maps.joints /= depth;
  volumes.depth_stride = maps.batch().joint_stride;
  volumes.maps.joint_stride *= depth;

  const std::size_t count = shape.maps() / static_cast<std::size_t>(depth);
  std::vector<float> highest(3 * count);
  std::vector<float> mean(3 * count);
  std::vector<float> score(count);
  if (volume_argmax(volumes, highest.data(), score.data()) != Status::kOk) return 0;
  if (volume_integral(volumes, beta, mean.data(), score.data()) != Status::kOk) return 0;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const int sides[] = {shape.width, shape.height, depth};
    const auto last = static_cast<float>(sides[i % 3] - 1);
    require(highest[i] >= 0.0F && highest[i] <= last, "the highest cell lies in the volume");
    require(std::isfinite(mean[i]), "every place is finite");
    require(mean[i] >= -0.01F && mean[i] <= last + 0.01F, "the mean place lies in the volume");
  }
  return 0;
}
