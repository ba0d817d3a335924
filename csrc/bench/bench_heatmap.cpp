// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "core/heatmap/decode.h"
#include "core/heatmap/peaks.h"
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
    ->ArgsProduct({{0, 1, 2, 3, 4}, {1}})
    ->ArgsProduct({{1, 3}, {2, 5, 15, 30, 60}});
BENCHMARK(peaks_216x144);
