// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "core/metric/coco_evaluate.h"
#include "core/metric/mpjpe.h"
#include "core/metric/nearby_joints.h"
#include "core/metric/soft_oks_nms.h"

namespace {

constexpr std::int64_t kJoints = 17;

std::vector<double> uniform(std::size_t count, double high, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> place(0.0, high);
  std::vector<double> values(count);
  for (double& value : values) value = place(generator);
  return values;
}

void soft_oks_nms_17(benchmark::State& state) {
  const auto people = static_cast<std::size_t>(state.range(0));
  const auto xy = uniform(34 * people, 400.0, 1);
  const auto score = uniform(people, 1.0, 2);
  const std::vector<double> area(people, 2000.0), sigmas(17, 0.07);
  std::vector<double> lowered(people);
  std::vector<std::int64_t> kept(people);
  for (auto _ : state) {
    benchmark::DoNotOptimize(edgepose::soft_oks_nms(
        {xy.data(), nullptr, score.data(), area.data(), sigmas.data(), state.range(0), kJoints}, {},
        lowered.data(), kept.data()));
  }
}

void nearby_joints_17(benchmark::State& state) {
  const auto people = static_cast<std::size_t>(state.range(0));
  const auto xy = uniform(34 * people, 400.0, 1);
  const auto score = uniform(people, 1.0, 2);
  std::vector<std::uint8_t> done(people);
  std::vector<std::int64_t> kept(people);
  for (auto _ : state) {
    benchmark::DoNotOptimize(edgepose::nearby_joints_nms(
        {xy.data(), score.data(), state.range(0), kJoints}, {0.05, 8}, done.data(), kept.data()));
  }
}

void pa_mpjpe_17(benchmark::State& state) {
  const auto people = static_cast<std::size_t>(state.range(0));
  const auto from = uniform(51 * people, 1000.0, 1);
  const auto to = uniform(51 * people, 1000.0, 2);
  std::vector<double> error(people);
  for (auto _ : state) {
    edgepose::mpjpe({from.data(), to.data(), nullptr, nullptr, state.range(0), kJoints},
                    edgepose::Alignment::kProcrustes, error.data(), nullptr);
    benchmark::DoNotOptimize(error.data());
  }
}

// One person and two predictions an image.
void coco_evaluate_17(benchmark::State& state) {
  const std::int64_t images = state.range(0);
  const auto n = static_cast<std::size_t>(images);
  const auto label_xy = uniform(34 * n, 100.0, 1);
  std::vector<double> xy = label_xy;
  for (double& value : xy) value += 2.0;
  xy.insert(xy.end(), label_xy.begin(), label_xy.end());
  const auto score = uniform(2 * n, 1.0, 2);
  const std::vector<double> box(4 * n, 0.0), area(n, 5000.0), sigmas(17, 0.07);
  const std::vector<std::uint8_t> visible(17 * n, 1);
  std::vector<std::int64_t> ids(2 * n);
  for (std::size_t i = 0; i < 2 * n; ++i) ids[i] = static_cast<std::int64_t>(i % n);
  edgepose::CocoInput input;
  input.labels = {ids.data(), label_xy.data(), visible.data(), box.data(), area.data(),
                  nullptr,    nullptr,         nullptr,        images};
  input.predictions = {ids.data(), xy.data(), score.data(), nullptr, 2 * images};
  input.images = ids.data();
  input.image_count = images;
  edgepose::CocoProtocol protocol;
  protocol.sigmas = sigmas.data();
  protocol.joints = kJoints;
  std::vector<char> workspace(edgepose::coco_evaluate_bytes(input, protocol));
  std::vector<double> precision(3030), recall(30), at_score(3030);
  std::vector<std::int64_t> persons(3);
  for (auto _ : state) {
    const auto status =
        edgepose::coco_evaluate(input, protocol, workspace.data(),
                                {precision.data(), recall.data(), at_score.data(), persons.data()});
    benchmark::DoNotOptimize(status);
  }
}

}  // namespace

BENCHMARK(soft_oks_nms_17)->Arg(1)->Arg(2)->Arg(5)->Arg(15)->Arg(30)->Arg(60);
BENCHMARK(nearby_joints_17)->Arg(1)->Arg(2)->Arg(5)->Arg(15)->Arg(30)->Arg(60);
BENCHMARK(pa_mpjpe_17)->Arg(1)->Arg(30)->Arg(1000);
BENCHMARK(coco_evaluate_17)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);
