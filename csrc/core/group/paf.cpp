// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf.h"

#include <algorithm>

#include "core/arena.h"
#include "core/group/paf_assemble.h"
#include "core/group/paf_link.h"
#include "core/group/paf_match.h"
#include "core/group/paf_peaks.h"
#include "core/group/paf_people.h"
#include "core/group/paf_prune.h"

namespace edgepose {
namespace {

// All that lives in the workspace.
struct Grouping {
  Grouping(Arena& arena, int width, const PafSkeleton& skeleton, const PafOptions& options)
      : finder(arena, width, options),
        linker(arena, options),
        matcher(arena, options),
        people(paf_people(arena, skeleton, options)) {
    const auto most = static_cast<std::size_t>(options.max_peaks);
    const auto parts = static_cast<std::size_t>(skeleton.parts);
    peaks = arena.take<PafPeaks>(parts);
    values = arena.take<float>(3 * most * parts);
    links = arena.take<PafLink>(most * most);
    order = arena.take<int>(static_cast<std::size_t>(people.capacity));
  }

  PafPeakFinder finder;
  PafLinker linker;
  PafMatcher matcher;
  PafPeople people;
  PafPeaks* peaks;  // [K]
  float* values;    // [K, 3, max_peaks], the arrays of the peaks
  PafLink* links;
  int* order;
};

Status check_sizes(int width, int height) {
  const bool good = width >= 1 && height >= 1 && width <= kMaxSide && height <= kMaxSide;
  return good ? Status::kOk : Status::kBadSize;
}

void find_peaks(const MapBatch& heat, int parts, int max_peaks, Grouping& grouping) {
  grouping.finder.clear();
  for (int part = 0; part < parts; ++part) {
    PafPeaks& peaks = grouping.peaks[part];
    peaks.x = grouping.values + static_cast<std::ptrdiff_t>(3) * part * max_peaks;
    peaks.y = peaks.x + max_peaks;
    peaks.score = peaks.y + max_peaks;
    grouping.finder.find(heat.map(0, part), peaks);
  }
}

void link_peaks(const MapBatch& paf, const PafSkeleton& skeleton, const PafOptions& options,
                Grouping& grouping) {
  for (int i = 0; i < skeleton.limbs; ++i) {
    const PafLimb& limb = skeleton.limb[i];
    const PafPeaks& a = grouping.peaks[limb.a];
    const PafPeaks& b = grouping.peaks[limb.b];
    if (a.count == 0 || b.count == 0) {
      const int only = a.count == 0 ? limb.b : limb.a;
      if (options.singles) paf_add_singles(only, grouping.peaks[only], grouping.people);
      continue;
    }
    const PafField field{paf.map(0, limb.channel_x).data, paf.map(0, limb.channel_y).data,
                         paf.width, paf.height, paf.row_stride};
    int count = grouping.linker.link(field, a, b, grouping.links);
    count = grouping.matcher.match(grouping.links, count, a.count, b.count);
    paf_assemble(limb, grouping.links, count, grouping.peaks, options.assembly, grouping.people);
  }
}

void write_person(const Grouping& grouping, int person, std::ptrdiff_t row, const PafOutput& out) {
  const PafPeople& people = grouping.people;
  out.score[row] = people.total[person];
  for (int part = 0; part < people.parts; ++part) {
    const int peak = people.of_part(part)[person];
    const bool found = peak >= 0;
    const PafPeaks& peaks = grouping.peaks[part];
    const std::ptrdiff_t at = row * people.parts + part;
    out.xy[2 * at] = found ? peaks.x[peak] : 0.0F;
    out.xy[2 * at + 1] = found ? peaks.y[peak] : 0.0F;
    out.joint_score[at] = found ? peaks.score[peak] : 0.0F;
    out.found[at] = found;
  }
}

}  // namespace

std::size_t paf_workspace_bytes(int width, int height, const PafSkeleton& skeleton,
                                const PafOptions& options) {
  const bool good = check_sizes(width, height) == Status::kOk &&
                    paf_check_options(options) == Status::kOk && skeleton.parts >= 0 &&
                    skeleton.parts <= kMaxPafParts && skeleton.limbs >= 0 &&
                    skeleton.limbs <= kMaxPafLimbs;
  if (!good) return 0;
  Arena arena;
  const Grouping grouping(arena, width, skeleton, options);
  return arena.bytes();
}

Result<int> paf_group(const MapBatch& heat, const MapBatch& paf, const PafSkeleton& skeleton,
                      const PafOptions& options, int max_people, void* workspace,
                      const PafOutput& out) {
  if (max_people < 0 || heat.people != 1 || paf.people != 1) return {Status::kBadSize};
  if (heat.width != paf.width || heat.height != paf.height) return {Status::kBadSize};
  for (const Status status : {check_sizes(heat.width, heat.height), paf_check_options(options),
                              paf_check_skeleton(skeleton, heat.joints, paf.joints)}) {
    if (status != Status::kOk) return {status};
  }
  if (skeleton.parts == 0 || skeleton.limbs == 0 || max_people == 0) return {Status::kOk, 0};
  const bool given = heat.data != nullptr && paf.data != nullptr && workspace != nullptr &&
                     out.xy != nullptr && out.joint_score != nullptr && out.found != nullptr &&
                     out.score != nullptr;
  if (!given) return {Status::kNullPointer};
  Arena arena(workspace);
  Grouping grouping(arena, heat.width, skeleton, options);
  find_peaks(heat, skeleton.parts, options.max_peaks, grouping);
  link_peaks(paf, skeleton, options, grouping);
  const int kept = paf_prune(grouping.people, skeleton, options, grouping.order);
  const int count = std::min(kept, max_people);
  for (int i = 0; i < count; ++i) write_person(grouping, grouping.order[i], i, out);
  return {Status::kOk, count};
}

}  // namespace edgepose
