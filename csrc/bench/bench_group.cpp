// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "core/group/assign.h"
#include "core/group/tags.h"
#include "tests/tag_scene.h"

namespace {

void assign_square(benchmark::State& state) {
  const int side = static_cast<int>(state.range(0));
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> value(0.0, 1.0);
  std::vector<double> cost(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  for (double& entry : cost) entry = value(generator);
  std::vector<unsigned char> workspace(edgepose::assign_workspace_bytes(side, side));
  std::vector<int> columns(static_cast<std::size_t>(side));
  for (auto _ : state) {
    edgepose::assign({cost.data(), side, side, side}, workspace.data(), columns.data());
    benchmark::DoNotOptimize(columns.data());
  }
}

// People, side of the maps, tag length.
void tags_group_17(benchmark::State& state) {
  const int people = static_cast<int>(state.range(0));
  const int side = static_cast<int>(state.range(1));
  const edgepose::test::TagScene scene(people, 17, side, side, static_cast<int>(state.range(2)));
  edgepose::TagOptions options;
  options.max_people = people > 30 ? people : 30;
  edgepose::test::TagRoom room(scene.maps(), options);
  edgepose::Result<int> found;
  for (auto _ : state) {
    found = edgepose::tags_group(scene.maps(), options, room.capacity, room.workspace.data(),
                                 room.people());
    benchmark::DoNotOptimize(found);
  }
  state.counters["found"] = found.value;
}

}  // namespace

BENCHMARK(assign_square)->Arg(1)->Arg(2)->Arg(5)->Arg(15)->Arg(30)->Arg(60);
BENCHMARK(tags_group_17)
    ->ArgsProduct({{1, 2, 5, 15, 30, 60}, {128, 256}, {1, 2}})
    ->Unit(benchmark::kMicrosecond);
