// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <vector>

#include "core/group/paf.h"
#include "tests/group/paf_scene.h"

namespace {

// Peaks and grouping of a whole picture; arguments: people, width, height, upscale.
void group(benchmark::State& state, const edgepose::PafOptions& preset) {
  const int people = static_cast<int>(state.range(0));
  const auto scene = edgepose::test::crowd(static_cast<int>(state.range(1)),
                                           static_cast<int>(state.range(2)), people, 0.01F, 1);
  edgepose::PafOptions options = preset;
  options.upscale = static_cast<int>(state.range(3));
  const auto skeleton = scene.skeleton();
  std::vector<unsigned char> workspace(
      edgepose::paf_workspace_bytes(scene.width, scene.height, skeleton, options));
  std::vector<float> xy(128 * 36), joint_score(128 * 18), score(128);
  std::vector<unsigned char> found(128 * 18);
  int count = 0;
  for (auto _ : state) {
    count =
        edgepose::paf_group(
            scene.heatmaps(), scene.fields(), skeleton, options, 128, workspace.data(),
            {xy.data(), joint_score.data(), reinterpret_cast<bool*>(found.data()), score.data()})
            .value;
    benchmark::DoNotOptimize(count);
  }
  state.counters["people"] = count;
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"people", "w", "h", "up"})->Unit(benchmark::kMicrosecond);
  for (const int people : {1, 2, 5, 15, 30, 60}) {
    bench->Args({people, 216, 144, 1})->Args({people, 96, 54, 1})->Args({people, 96, 54, 4});
  }
}

void paf_openpose(benchmark::State& state) { group(state, edgepose::paf_openpose()); }
void paf_lightweight(benchmark::State& state) { group(state, edgepose::paf_lightweight()); }
void paf_tf_pose(benchmark::State& state) { group(state, edgepose::paf_tf_pose()); }

void paf_optimal(benchmark::State& state) {
  edgepose::PafOptions options = edgepose::paf_openpose();
  options.matching = edgepose::PafMatching::kOptimal;
  group(state, options);
}

}  // namespace

BENCHMARK(paf_openpose)->Apply(sizes);
BENCHMARK(paf_lightweight)->Args({30, 216, 144, 1})->Args({30, 96, 54, 1})->Args({30, 96, 54, 4});
BENCHMARK(paf_tf_pose)->Args({30, 216, 144, 1})->Args({30, 96, 54, 1})->Args({30, 96, 54, 4});
BENCHMARK(paf_optimal)->Args({30, 216, 144, 1})->Args({30, 96, 54, 1})->Args({60, 216, 144, 1});
