// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cmath>

#include "core/image/crop.h"
#include "tests/random_maps.h"

namespace {

// Arguments: height of the crop in picture pixels, rotation in degrees, crops.
void crop_256x192_from_1080p(benchmark::State& state) {
  const auto pixels = edgepose::test::noise_picture(1920, 1080, 1);
  const edgepose::ImageView image{pixels.data(), 1920, 1080, 5760};
  const double step = static_cast<double>(state.range(0)) / 256.0;
  const double angle = static_cast<double>(state.range(1)) * 3.14159265358979 / 180.0;
  const double c = step * std::cos(angle);
  const double s = step * std::sin(angle);
  std::vector<double> matrices;
  for (int i = 0; i < state.range(2); ++i) {
    const double x = 600.0 + 20.0 * i;
    matrices.insert(matrices.end(), {c, -s, x - 96 * c + 128 * s, s, c, 540 - 96 * s - 128 * c});
  }
  std::vector<float> out(static_cast<std::size_t>(state.range(2)) * 3 * 256 * 192);
  for (auto _ : state) {
    edgepose::crop_normalize(image, matrices.data(), state.range(2), 192, 256, {}, out.data());
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(2));
}

}  // namespace

BENCHMARK(crop_256x192_from_1080p)
    ->ArgNames({"height", "degrees", "crops"})
    ->ArgsProduct({{128, 512, 1000}, {0, 20}, {1}})
    ->ArgsProduct({{512}, {0}, {2, 5, 15, 30, 60}});
