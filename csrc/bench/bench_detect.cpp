// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "core/detect/box_nms.h"
#include "core/detect/centers.h"
#include "core/detect/yolox.h"
#include "tests/random_maps.h"

namespace {

void centers_40x40(benchmark::State& state) {
  const auto heatmap = edgepose::test::bump_map(40, 40, 20, 20, 0.9F, 0.1F, 1);
  const edgepose::test::OwnedMap size(40, 80, 64.0F);
  const edgepose::test::OwnedMap offset(40, 80);
  std::vector<edgepose::Peak> workspace(100);
  std::vector<float> boxes(400), score(100);
  for (auto _ : state) {
    const auto count = edgepose::centers_decode(
        {heatmap.cells.data(), size.cells.data(), offset.cells.data(), 40, 40}, 8, 0.3F, 100,
        workspace.data(), boxes.data(), score.data());
    benchmark::DoNotOptimize(count);
  }
}

void yolox_416(benchmark::State& state) {
  const int strides[3] = {8, 16, 32};
  const auto rows = edgepose::test::noise_map(85, 3549, 1, 0.0F, 0.6F);
  std::vector<float> boxes(4 * 3549), score(3549);
  for (auto _ : state) {
    const auto count = edgepose::yolox_decode(
        rows.cells.data(), 3549, {416, 416, strides, 3, 80, 0}, 0.3F, boxes.data(), score.data());
    benchmark::DoNotOptimize(count);
  }
}

void box_nms_random(benchmark::State& state) {
  const int count = static_cast<int>(state.range(0));
  auto boxes = edgepose::test::noise_map(4, count, 1, 0.0F, 300.0F);
  for (int i = 0; i < count; ++i) {
    boxes.at(2, i) = boxes.at(0, i) + 60.0F;
    boxes.at(3, i) = boxes.at(1, i) + 120.0F;
  }
  const auto score = edgepose::test::noise_map(1, count, 2, 0.0F, 1.0F);
  std::vector<std::int64_t> kept(static_cast<std::size_t>(count));
  for (auto _ : state) {
    const auto result =
        edgepose::box_nms(boxes.cells.data(), score.cells.data(), count, 0.6F, kept.data());
    benchmark::DoNotOptimize(result);
  }
}

}  // namespace

BENCHMARK(centers_40x40);
BENCHMARK(yolox_416);
BENCHMARK(box_nms_random)->Arg(10)->Arg(100)->Arg(1000);
