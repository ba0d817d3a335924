// SPDX-License-Identifier: Apache-2.0
// Every subpixel method, over every element type and layout.
#include <cmath>

#include "core/heatmap/argmax.h"
#include "core/heatmap/dark.h"
#include "core/heatmap/decode.h"
#include "fuzz/maps.h"

using edgepose::DecodeOptions;
using edgepose::HeatmapBatch;
using edgepose::Status;
using edgepose::Subpixel;
using edgepose::fuzz::Maps;
using edgepose::fuzz::MapShape;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;
using edgepose::fuzz::same;

namespace {

struct Decoded {
  std::vector<float> xy;
  std::vector<float> score;

  explicit Decoded(std::size_t maps) : xy(2 * maps), score(maps) {}
};

// How far a place may lie from the highest cell, in cells; infinity where nothing is promised.
float reach(const DecodeOptions& options) {
  if (options.subpixel == Subpixel::kNone) return 0.0F;
  if (options.subpixel == Subpixel::kQuarter) return 0.25F;
  if (options.subpixel == Subpixel::kQuadratic) return 0.5F;
  const bool steps = options.subpixel == Subpixel::kDark || options.subpixel == Subpixel::kUdp;
  if (!steps || !options.bounded) return INFINITY;
  const double longest = longest_dark_step(edgepose::blur_kernel_of(options.blur_kernel));
  return static_cast<float>(longest) + 1e-3F;
}

bool stays_inside(const DecodeOptions& options) {
  return options.subpixel == Subpixel::kMspn || options.subpixel == Subpixel::kMegvii ||
         (options.subpixel == Subpixel::kIntegral && (!options.debias || options.bounded));
}

bool keeps_score(const DecodeOptions& options) {
  return options.subpixel != Subpixel::kMspn && options.subpixel != Subpixel::kMegvii;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  DecodeOptions options;
  options.subpixel = reader.choice(Subpixel::kIntegral);
  options.blur_kernel = reader.hostile(1, 63) | 1;
  options.shift_count = reader.hostile(0, 4);
  for (float& shift : options.shifts) shift = reader.option(0.25F);
  options.beta = reader.option(1.0F);
  options.debias = reader.flag();
  options.bounded = reader.flag();
  const MapShape shape = read_shape(reader, {3, 70, 150, 150});
  const Maps maps(reader, shape);
  const HeatmapBatch& batch = maps.batch();

  Decoded decoded(shape.maps());
  const Status status = heatmap_decode(batch, options, decoded.xy.data(), decoded.score.data());
  Decoded highest(shape.maps());
  const Status argmax = heatmap_argmax(batch, highest.xy.data(), highest.score.data());
  if (status != Status::kOk || argmax != Status::kOk) return 0;

  const std::vector<float> floats = maps.floats();
  Decoded packed(shape.maps());
  heatmap_decode(maps.packed(floats), options, packed.xy.data(), packed.score.data());
  require(same(decoded.xy, packed.xy) && same(decoded.score, packed.score),
          "a map decodes to the same whatever its type and layout");
  for (std::size_t i = 0; i < decoded.xy.size(); ++i) {
    const float place = decoded.xy[i];
    const auto side = static_cast<float>(i % 2 == 0 ? shape.width : shape.height);
    require(std::isfinite(place), "every place is finite");
    require(std::fabs(place - highest.xy[i]) <= reach(options), "a shift keeps its limit");
    const float edge = options.debias && options.bounded ? 0.501F : 0.01F;
    const bool inside = place >= -edge && place <= side - 1.0F + edge;
    require(!stays_inside(options) || inside, "places that are means or held lie in the map");
  }
  require(!keeps_score(options) || same(decoded.score, highest.score), "the score is the maximum");
  return 0;
}
