// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "core/heatmap/decode.h"
#include "core/heatmap/merge_flip.h"
#include "core/heatmap/peaks.h"
#include "core/heatmap/simcc.h"
#include "core/heatmap/volume.h"
#include "tests/elements.h"
#include "tests/random_maps.h"

namespace {

std::vector<float> person_maps(std::int64_t people) {
  std::vector<float> cells;
  for (int i = 0; i < 17 * people; ++i) {
    const float x = 4.0F + static_cast<float>(i * 7 % 40);
    const float y = 4.0F + static_cast<float>(i * 13 % 56);
    const auto map = edgepose::test::bump_map(48, 64, x, y, 0.9F, 0.02F, static_cast<unsigned>(i));
    cells.insert(cells.end(), map.cells.begin(), map.cells.end());
  }
  return cells;
}

// Arguments: subpixel method in the order of the enum, people.
void decode_17x64x48(benchmark::State& state) {
  const std::int64_t people = state.range(1);
  const auto cells = person_maps(people);
  const edgepose::MapBatch maps{cells.data(), people, 17, 48, 64, 17 * 3072, 3072, 48};
  std::vector<float> xy(static_cast<std::size_t>(34 * people));
  std::vector<float> score(static_cast<std::size_t>(17 * people));
  const auto subpixel = static_cast<edgepose::Subpixel>(state.range(0));
  for (auto _ : state) {
    edgepose::heatmap_decode(maps, subpixel, 11, xy.data(), score.data());
    benchmark::DoNotOptimize(xy.data());
  }
  state.SetItemsProcessed(state.iterations() * people);
}

// Rows that lie apart in memory. Arguments: element type in the order of the enum, whether joints
// lie side by side (NHWC).
void quadratic_stored(benchmark::State& state) {
  const auto element = static_cast<edgepose::Element>(state.range(0));
  const auto maps = edgepose::test::stored_maps(element, 1, 17, 64, 48, state.range(1) != 0, 1);
  edgepose::DecodeOptions options;
  options.subpixel = edgepose::Subpixel::kQuadratic;
  float xy[34];
  float score[17];
  for (auto _ : state) {
    edgepose::heatmap_decode(maps.batch, options, xy, score);
    benchmark::DoNotOptimize(xy);
  }
}

// Arguments: score in the order of the enum, whether DARK refines.
void simcc_384_512(benchmark::State& state) {
  const auto cells = person_maps(3);
  const edgepose::MapBatch x{cells.data(), 1, 17, 384, 1, 0, 384, 0};
  const edgepose::MapBatch y{cells.data() + 17 * 384, 1, 17, 512, 1, 0, 512, 0};
  edgepose::SimccOptions options;
  options.score = static_cast<edgepose::SimccScore>(state.range(0));
  options.dark = state.range(1) != 0;
  float xy[34];
  float score[17];
  for (auto _ : state) {
    edgepose::simcc_decode(x, y, options, xy, score);
    benchmark::DoNotOptimize(xy);
  }
}

// Argument: cells of shift.
void merge_flip_17x64x48(benchmark::State& state) {
  const auto cells = person_maps(1);
  const edgepose::MapBatch maps{cells.data(), 1, 17, 48, 64, 17 * 3072, 3072, 48};
  const std::int64_t joint_of[17] = {0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15};
  std::vector<float> merged(cells.size());
  const edgepose::FlipOptions options{true, static_cast<int>(state.range(0))};
  for (auto _ : state) {
    edgepose::heatmap_merge_flip(maps, maps, joint_of, options, merged.data());
    benchmark::DoNotOptimize(merged.data());
  }
}

// Argument: side of the volume.
void soft_argmax_volume(benchmark::State& state) {
  const int side = static_cast<int>(state.range(0));
  const auto noise = edgepose::test::noise_map(side, side * side, 1, 0.0F, 1.0F);
  const edgepose::MapBatch slices{noise.cells.data(), 1, 1, side, side, 0, 0, side};
  float xyz[3];
  float score;
  for (auto _ : state) {
    edgepose::volume_integral({slices, side, side * side}, 1.0F, xyz, &score);
    benchmark::DoNotOptimize(xyz);
  }
  state.SetItemsProcessed(state.iterations() * side * side * side);
}

void peaks_216x144(benchmark::State& state) {
  const auto map = edgepose::test::bump_map(144, 216, 70, 100, 0.9F, 0.08F, 1);
  std::vector<edgepose::Peak> peaks(30);
  for (auto _ : state) {
    const auto count = edgepose::map_peaks(map.view(), 0.1F, 2, 30, peaks.data());
    benchmark::DoNotOptimize(count);
  }
}

}  // namespace

BENCHMARK(decode_17x64x48)
    ->ArgNames({"subpixel", "people"})
    ->ArgsProduct({{0, 1, 2, 3, 4, 5, 6, 7}, {1}})
    ->ArgsProduct({{1, 3}, {2, 5, 15, 30, 60}});
BENCHMARK(quadratic_stored)
    ->ArgNames({"element", "channels_last"})
    ->ArgsProduct({{0, 1, 2, 3}, {0, 1}});
BENCHMARK(simcc_384_512)->ArgNames({"score", "dark"})->ArgsProduct({{0, 1, 2}, {0, 1}});
BENCHMARK(merge_flip_17x64x48)->ArgName("shift")->Arg(0)->Arg(1);
BENCHMARK(soft_argmax_volume)->ArgName("side")->Arg(16)->Arg(32)->Arg(64);
BENCHMARK(peaks_216x144);
