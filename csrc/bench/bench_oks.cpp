// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "core/metric/oks.h"
#include "core/metric/oks_nms.h"

namespace {

struct People {
  std::vector<double> xy, score, area, sigmas;
  std::int64_t count;

  explicit People(std::int64_t people)
      : area(static_cast<std::size_t>(people), 2000.0), sigmas(17, 0.07), count(people) {
    std::mt19937 generator(1);
    std::uniform_real_distribution<double> place(0.0, 400.0);
    for (std::int64_t i = 0; i < 34 * people; ++i) xy.push_back(place(generator));
    for (std::int64_t i = 0; i < people; ++i) score.push_back(place(generator));
  }
};

void oks_matrix_17(benchmark::State& state) {
  const People people(state.range(0));
  std::vector<double> out(static_cast<std::size_t>(people.count * people.count));
  for (auto _ : state) {
    edgepose::oks_matrix({people.xy.data(), people.xy.data(), people.area.data(),
                          people.sigmas.data(), nullptr, people.count, people.count, 17},
                         out.data());
    benchmark::DoNotOptimize(out.data());
  }
}

void oks_nms_17(benchmark::State& state) {
  const People people(state.range(0));
  std::vector<std::int64_t> kept(static_cast<std::size_t>(people.count));
  for (auto _ : state) {
    const auto count =
        edgepose::oks_nms({people.xy.data(), nullptr, people.score.data(), people.area.data(),
                           people.sigmas.data(), people.count, 17},
                          0.9, 0.0, kept.data());
    benchmark::DoNotOptimize(count);
  }
}

}  // namespace

BENCHMARK(oks_matrix_17)->Arg(1)->Arg(2)->Arg(5)->Arg(15)->Arg(30)->Arg(60);
BENCHMARK(oks_nms_17)->Arg(1)->Arg(2)->Arg(5)->Arg(15)->Arg(30)->Arg(60);
