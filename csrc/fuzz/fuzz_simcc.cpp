// SPDX-License-Identifier: Apache-2.0
// Keypoints as two vectors, each of any element type and layout.
#include <cmath>

#include "core/heatmap/simcc.h"
#include "fuzz/maps.h"

using edgepose::SimccOptions;
using edgepose::SimccScore;
using edgepose::Status;
using edgepose::fuzz::Maps;
using edgepose::fuzz::MapShape;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;
using edgepose::fuzz::same;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  SimccOptions options;
  options.split_ratio = reader.option(2.0F);
  options.score = reader.choice(SimccScore::kGaussian);
  options.larger = reader.flag();
  options.dark = reader.flag();
  for (int axis = 0; axis < 2; ++axis) {
    options.beta[axis] = reader.option(1.0F);
    options.sigma[axis] = reader.option(6.0F);
    options.blur_kernel[axis] = reader.hostile(1, 63) | 1;
  }
  options.bounded = reader.flag();
  MapShape shape = read_shape(reader, {3, 5, 1, 200});
  const Maps x(reader, shape);
  shape.width = reader.between(1, 200);
  const Maps y(reader, shape);
  std::vector<float> xy(2 * shape.maps());
  std::vector<float> score(shape.maps());
  if (simcc_decode(x.batch(), y.batch(), options, xy.data(), score.data()) != Status::kOk) return 0;

  const std::vector<float> floats_x = x.floats();
  const std::vector<float> floats_y = y.floats();
  std::vector<float> packed_xy(xy.size());
  std::vector<float> packed_score(score.size());
  simcc_decode(x.packed(floats_x), y.packed(floats_y), options, packed_xy.data(),
               packed_score.data());
  require(same(xy, packed_xy) && same(score, packed_score),
          "vectors decode to the same whatever their type and layout");
  for (const float place : xy) {
    require(std::isfinite(place) || options.split_ratio < 1e-3F, "every place is finite");
  }
  for (const float value : score) {
    const bool share = std::isnan(value) || (value >= 0.0F && value <= 1.0F);
    require(share || options.score == SimccScore::kValue, "scores that are shares are 0 to 1");
  }
  return 0;
}
