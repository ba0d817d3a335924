// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cmath>

#include "core/image/crop.h"
#include "tests/image/pictures.h"
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

// Arguments: height of the crop in picture pixels, rotation in degrees, averaging, format.
void crop_picture_from_1080p(benchmark::State& state) {
  const char* formats[] = {"bgr", "rgba", "grey", "i420", "nv21"};
  const auto owned = edgepose::test::noise(formats[state.range(3)], 1920, 1080);
  const double step = static_cast<double>(state.range(0)) / 256.0;
  const double angle = static_cast<double>(state.range(1)) * 3.14159265358979 / 180.0;
  const double c = step * std::cos(angle);
  const double s = step * std::sin(angle);
  const double matrix[6] = {c, -s, 900 - 96 * c + 128 * s, s, c, 540 - 96 * s - 128 * c};
  std::vector<float> out(3 * 256 * 192);
  edgepose::CropOptions options;
  options.antialias = state.range(2) != 0;
  for (auto _ : state) {
    edgepose::crop_picture(owned.picture, matrix, 1, options, {out.data(), 192, 256});
    benchmark::DoNotOptimize(out.data());
  }
  state.SetLabel(formats[state.range(3)]);
}

// A photo of 12 megapixels to the input of a detector. Argument: averaging.
void letterbox_320_of_4000x3000(benchmark::State& state) {
  const auto owned = edgepose::test::noise("bgr", 4000, 3000);
  const double matrix[6] = {12.5, 0, 5.75, 0, 12.5, -494.25};
  std::vector<float> out(3 * 320 * 320);
  edgepose::CropOptions options;
  options.antialias = state.range(0) != 0;
  for (auto _ : state) {
    edgepose::crop_picture(owned.picture, matrix, 1, options, {out.data(), 320, 320});
    benchmark::DoNotOptimize(out.data());
  }
}

}  // namespace

BENCHMARK(crop_256x192_from_1080p)
    ->ArgNames({"height", "degrees", "crops"})
    ->ArgsProduct({{128, 512, 1000}, {0, 20}, {1}})
    ->ArgsProduct({{512}, {0}, {2, 5, 15, 30, 60}});
BENCHMARK(crop_picture_from_1080p)
    ->ArgNames({"height", "degrees", "averaged", "format"})
    ->ArgsProduct({{128, 512, 1000}, {0, 20}, {0, 1}, {0}})
    ->ArgsProduct({{512}, {0, 20}, {1}, {1, 2, 3, 4}});
BENCHMARK(letterbox_320_of_4000x3000)->ArgName("averaged")->Arg(0)->Arg(1);
