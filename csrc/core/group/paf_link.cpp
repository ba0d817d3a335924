// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_link.h"

#include <algorithm>
#include <cmath>

namespace edgepose {
namespace {

constexpr float kLeast = 1e-6F;         // of a length and of a score
constexpr float kNearDivisor = 150.0F;  // of sqrt(W * H), for near ends

// One peak, the peaks at the far end, and what the samples must look like.
struct AimJob {
  float x;
  float y;
  const float* to_x;
  const float* to_y;
  int count;
  int least;
  int most;
  int end;  // 1 where the last sample lies on the far end
  int right;
  int bottom;
};

// The cell that holds a place: truncated, as all published decoders do.
EDGEPOSE_INLINE int cell_at(float start, float step, int index, int last) {
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): halves and negative numbers as published
  const int cell = static_cast<int>(start + static_cast<float>(index) * step + 0.5F);
  const int low = cell < 0 ? 0 : cell;
  return low > last ? last : low;
}

// Vectorised over the peaks at the far end. Far from a limb its middle is the least likely place to
// pass, a quarter of the way the next.
EDGEPOSE_MULTIVERSION
void aim(const AimJob& job, float* __restrict unit_x, float* __restrict unit_y,
         float* __restrict length, float* __restrict step_x, float* __restrict step_y,
         int* __restrict samples, int* __restrict column0, int* __restrict line0,
         int* __restrict column1, int* __restrict line1) {
  for (int i = 0; i < job.count; ++i) {
    const float dx = job.to_x[i] - job.x;
    const float dy = job.to_y[i] - job.y;
    const float norm = std::sqrt(dx * dx + dy * dy);
    const float wide = std::fabs(dx);
    const float high = std::fabs(dy);
    const float longer = wide > high ? wide : high;
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): a small number of 0 or more
    int wanted = static_cast<int>(std::sqrt(5.0F * longer) + 0.5F);
    wanted = wanted < job.least ? job.least : wanted;
    wanted = wanted > job.most ? job.most : wanted;
    const float steps = static_cast<float>(wanted - job.end);
    const float along_x = dx / steps;
    const float along_y = dy / steps;
    length[i] = norm;
    unit_x[i] = dx / norm;
    unit_y[i] = dy / norm;
    step_x[i] = along_x;
    step_y[i] = along_y;
    samples[i] = wanted;
    column0[i] = cell_at(job.x, along_x, wanted >> 1, job.right);
    line0[i] = cell_at(job.y, along_y, wanted >> 1, job.bottom);
    column1[i] = cell_at(job.x, along_x, wanted >> 2, job.right);
    line1[i] = cell_at(job.y, along_y, wanted >> 2, job.bottom);
  }
}

}  // namespace

PafLinker::PafLinker(Arena& arena, const PafOptions& options)
    : options_(options),
      taps_(options.interpolation == PafInterpolation::kCubic ? paf_cubic_taps(options.upscale)
                                                              : paf_repeat_taps(options.upscale)) {
  const auto most = static_cast<std::size_t>(options.max_peaks);
  for (float** array :
       {&aims_.unit_x, &aims_.unit_y, &aims_.length, &aims_.step_x, &aims_.step_y}) {
    *array = arena.take<float>(most);
  }
  for (int** array : {&aims_.samples, &aims_.column[0], &aims_.column[1], &aims_.line[0],
                      &aims_.line[1], &listed_}) {
    *array = arena.take<int>(most);
  }
  for (int samples = 1; samples <= kMaxPafSamples; ++samples) {
    int passed = 0;
    const auto share = [&] { return static_cast<float>(passed) / static_cast<float>(samples); };
    while (passed <= samples && !(share() > options.min_fraction)) ++passed;
    spare_[samples] = samples - passed;
  }
}

int PafLinker::link(const PafField& field, const PafPeaks& a, const PafPeaks& b,
                    PafLink* links) const {
  switch (paf_field_kind(taps_)) {
    case PafFieldKind::kPlain:
      return link_all<PafFieldKind::kPlain>(field, a, b, links);
    case PafFieldKind::kRepeat:
      return link_all<PafFieldKind::kRepeat>(field, a, b, links);
    case PafFieldKind::kCubic:
      break;
  }
  return link_all<PafFieldKind::kCubic>(field, a, b, links);
}

template <PafFieldKind kKind>
int PafLinker::link_all(const PafField& field, const PafPeaks& a, const PafPeaks& b,
                        PafLink* links) const {
  AimJob job{0.0F,
             0.0F,
             b.x,
             b.y,
             b.count,
             options_.min_samples,
             options_.max_samples,
             options_.sample_end ? 1 : 0,
             field.width * options_.upscale - 1,
             field.height * options_.upscale - 1};
  int count = 0;
  for (int i = 0; i < a.count; ++i) {
    job.x = a.x[i];
    job.y = a.y[i];
    aim(job, aims_.unit_x, aims_.unit_y, aims_.length, aims_.step_x, aims_.step_y, aims_.samples,
        aims_.column[0], aims_.line[0], aims_.column[1], aims_.line[1]);
    const int listed = shortlist<kKind>(field, b.count);
    for (int j = 0; j < listed; ++j) {
      const float found = score<kKind>(field, job.x, job.y, listed_[j]);
      if (found > kLeast && std::isfinite(found)) links[count++] = {found, i, listed_[j]};
    }
  }
  return count;
}

// Pairs that may be linked as far as their first samples tell.
template <PafFieldKind kKind>
int PafLinker::shortlist(const PafField& field, int count) const {
  const float scale = static_cast<float>(options_.upscale);
  const float area = static_cast<float>(field.width) * static_cast<float>(field.height);
  const float near = options_.near_score > 0.0F ? scale * std::sqrt(area) / kNearDivisor : 0.0F;
  const auto fails = [&](int probe, int i) {
    const float value = paf_along<kKind>(field, taps_, aims_.column[probe][i], aims_.line[probe][i],
                                         aims_.unit_x[i], aims_.unit_y[i]);
    return value > options_.sample_threshold ? 0 : 1;
  };
  int listed = 0;
  for (int i = 0; i < count; ++i) {
    const int spare = spare_[aims_.samples[i]];
    int failed = fails(0, i);
    if (kKind != PafFieldKind::kCubic || failed == spare) failed += fails(1, i);
    listed_[listed] = i;
    listed += static_cast<int>(failed <= spare) | static_cast<int>(aims_.length[i] < near);
  }
  return listed;
}

// The score, or 0 where the two are not linked.
template <PafFieldKind kKind>
float PafLinker::score(const PafField& field, float x, float y, int to) const {
  const float length = aims_.length[to];
  if (!(length > kLeast)) return 0.0F;
  const int right = field.width * options_.upscale - 1;
  const int bottom = field.height * options_.upscale - 1;
  const int samples = aims_.samples[to];
  const int spare = spare_[samples];
  int failed = 0;
  float sum = 0.0F;
  float sum_of_all = 0.0F;
  for (int index = 0; index < samples && failed <= spare; ++index) {
    const float value = paf_along<kKind>(field, taps_, cell_at(x, aims_.step_x[to], index, right),
                                         cell_at(y, aims_.step_y[to], index, bottom),
                                         aims_.unit_x[to], aims_.unit_y[to]);
    const bool passed = value > options_.sample_threshold;
    sum_of_all += value;
    sum += passed ? value : 0.0F;
    failed += passed ? 0 : 1;
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
