// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_link.h"

#include <algorithm>
#include <cmath>

#include "core/group/paf_sample.h"

namespace edgepose {
namespace {

constexpr float kLeast = 1e-6F;         // of a length and of a score
constexpr float kNearDivisor = 150.0F;  // of sqrt(W * H), for near ends

// Vectorised over the peaks at the far end.
EDGEPOSE_MULTIVERSION
void aim_at(float x, float y, const float* to_x, const float* to_y, int count, int least, int most,
            int end, float* unit_x, float* unit_y, float* length, float* step_x, float* step_y,
            int* samples) {
  for (int i = 0; i < count; ++i) {
    const float dx = to_x[i] - x;
    const float dy = to_y[i] - y;
    const float norm = std::sqrt(dx * dx + dy * dy);
    const float wide = std::fabs(dx);
    const float high = std::fabs(dy);
    const float longer = wide > high ? wide : high;
    int wanted = static_cast<int>(std::sqrt(5.0F * longer) + 0.5F);
    wanted = wanted < least ? least : wanted;
    wanted = wanted > most ? most : wanted;
    const float steps = static_cast<float>(wanted - end);
    length[i] = norm;
    unit_x[i] = dx / norm;
    unit_y[i] = dy / norm;
    step_x[i] = dx / steps;
    step_y[i] = dy / steps;
    samples[i] = wanted;
  }
}

}  // namespace

PafLinker::PafLinker(Arena& arena, const PafOptions& options)
    : options_(options),
      taps_(options.interpolation == PafInterpolation::kCubic ? paf_cubic_taps(options.upscale)
                                                              : paf_repeat_taps(options.upscale)) {
  const auto most = static_cast<std::size_t>(options.max_peaks);
  for (float** array : {&aim_.unit_x, &aim_.unit_y, &aim_.length, &aim_.step_x, &aim_.step_y}) {
    *array = arena.take<float>(most);
  }
  aim_.samples = arena.take<int>(most);
  for (int samples = 1; samples <= kMaxPafSamples; ++samples) {
    int passed = 0;
    const auto share = [&] { return static_cast<float>(passed) / static_cast<float>(samples); };
    while (passed <= samples && !(share() > options.min_fraction)) ++passed;
    needed_[samples] = passed;
  }
}

int PafLinker::link(const PafField& field, const PafPeaks& a, const PafPeaks& b,
                    PafLink* links) const {
  int count = 0;
  for (int i = 0; i < a.count; ++i) {
    aim_at(a.x[i], a.y[i], b.x, b.y, b.count, options_.min_samples, options_.max_samples,
           options_.sample_end ? 1 : 0, aim_.unit_x, aim_.unit_y, aim_.length, aim_.step_x,
           aim_.step_y, aim_.samples);
    for (int j = 0; j < b.count; ++j) {
      const float found = score(field, a.x[i], a.y[i], j);
      if (found > kLeast && std::isfinite(found)) links[count++] = {found, i, j};
    }
  }
  return count;
}

// The score, or 0 where the two are not linked.
float PafLinker::score(const PafField& field, float x, float y, int to) const {
  const float length = aim_.length[to];
  if (!(length > kLeast)) return 0.0F;
  const int right = field.x.width * options_.upscale - 1;
  const int bottom = field.x.height * options_.upscale - 1;
  const auto along = [&](int index) {
    const float at = static_cast<float>(index);
    const int column = static_cast<int>(x + at * aim_.step_x[to] + 0.5F);
    const int line = static_cast<int>(y + at * aim_.step_y[to] + 0.5F);
    const int clamped_column = std::clamp(column, 0, right);
    const int clamped_line = std::clamp(line, 0, bottom);
    return aim_.unit_x[to] * paf_sample(field.x, taps_, clamped_column, clamped_line) +
           aim_.unit_y[to] * paf_sample(field.y, taps_, clamped_column, clamped_line);
  };
  const int samples = aim_.samples[to];
  const int spare = samples - needed_[samples];
  // Far from a limb its middle is the least likely place to pass.
  int failed = 0;
  for (const int probe : {samples / 2, samples / 4, samples - 1 - samples / 4}) {
    if (failed > spare) break;
    if (!(along(probe) > options_.sample_threshold)) ++failed;
  }
  float sum = 0.0F;
  float sum_of_all = 0.0F;
  if (failed <= spare) {
    failed = 0;
    for (int index = 0; index < samples && failed <= spare; ++index) {
      const float value = along(index);
      sum_of_all += value;
      if (value > options_.sample_threshold) {
        sum += value;
      } else {
        ++failed;
      }
    }
  }
  if (failed <= spare) {
    const float mean = options_.mean_of_all ? sum_of_all / static_cast<float>(samples)
                                            : sum / static_cast<float>(samples - failed);
    if (!(options_.length_prior > 0.0F)) return mean;
    const float height = static_cast<float>(bottom + 1);
    return mean + std::min(options_.length_prior * height / length - 1.0F, 0.0F);
  }
  if (!(options_.near_score > 0.0F)) return 0.0F;
  const float area = static_cast<float>(right + 1) * static_cast<float>(bottom + 1);
  return length < std::sqrt(area) / kNearDivisor ? options_.near_score : 0.0F;
}

}  // namespace edgepose
