// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf.h"

#include <new>

#include "capi/heatmaps.h"
#include "core/arena.h"

using edgepose::MapBatch;
using edgepose::PafLimb;
using edgepose::PafOptions;
using edgepose::PafSkeleton;
using edgepose::Status;
using edgepose::capi::Call;
using edgepose::capi::read_float_maps;

namespace {

static_assert(EP_PAF_REPEAT == static_cast<int>(edgepose::PafInterpolation::kRepeat) &&
              EP_PAF_PEAK_CROSS == static_cast<int>(edgepose::PafPeakRule::kCross) &&
              EP_PAF_PEAK_OPENPOSE == static_cast<int>(edgepose::PafPeakRule::kOpenPose) &&
              EP_PAF_OPTIMAL == static_cast<int>(edgepose::PafMatching::kOptimal));
static_assert(EP_PAF_EXTEND_ALL == static_cast<int>(edgepose::PafAssembly::kExtendAll) &&
              EP_PAF_MERGE == static_cast<int>(edgepose::PafAssembly::kMerge) &&
              EP_PAF_SCORE_PER_JOINT == static_cast<int>(edgepose::PafPersonScore::kPerJoint) &&
              EP_PAF_SCORE_PER_PART_AND_LIMB ==
                  static_cast<int>(edgepose::PafPersonScore::kPerPartAndLimb));
static_assert(sizeof(bool) == 1);  // found is bytes of 0 and 1

PafOptions preset_options(int32_t preset) {
  if (preset == EP_PAF_LIGHTWEIGHT) return edgepose::paf_lightweight();
  return preset == EP_PAF_TF_POSE ? edgepose::paf_tf_pose() : edgepose::paf_openpose();
}

void init_openpose(ep_paf_options* options, size_t struct_size) {
  ep_paf_options_init(options, struct_size, EP_PAF_OPENPOSE);
}

bool read_options(Call& call, const ep_paf_options* options, PafOptions* out) {
  ep_paf_options given;
  if (!call.read_options(options, "options", init_openpose, &given)) return false;
  if (!call.choice("options.interpolation", given.interpolation, EP_PAF_REPEAT + 1) ||
      !call.choice("options.peak_rule", given.peak_rule, EP_PAF_PEAK_OPENPOSE + 1) ||
      !call.choice("options.matching", given.matching, EP_PAF_OPTIMAL + 1) ||
      !call.choice("options.assembly", given.assembly, EP_PAF_MERGE + 1) ||
      !call.choice("options.person_score", given.person_score,
                   EP_PAF_SCORE_PER_PART_AND_LIMB + 1)) {
    return false;
  }
  out->upscale = given.upscale;
  out->interpolation = static_cast<edgepose::PafInterpolation>(given.interpolation);
  out->smoothing_size = given.smoothing_size;
  out->peak_rule = static_cast<edgepose::PafPeakRule>(given.peak_rule);
  out->peak_threshold = given.peak_threshold;
  out->min_distance = given.min_distance;
  out->centroid = given.centroid != 0;
  out->peak_offset = given.peak_offset;
  out->max_peaks = given.max_peaks;
  out->min_samples = given.min_samples;
  out->max_samples = given.max_samples;
  out->sample_end = given.sample_end != 0;
  out->sample_threshold = given.sample_threshold;
  out->min_fraction = given.min_fraction;
  out->mean_of_all = given.mean_of_all != 0;
  out->length_prior = given.length_prior;
  out->near_score = given.near_score;
  out->matching = static_cast<edgepose::PafMatching>(given.matching);
  out->assembly = static_cast<edgepose::PafAssembly>(given.assembly);
  out->singles = given.singles != 0;
  out->min_joints = given.min_joints;
  out->min_joints_partly = given.min_joints_partly;
  out->min_joint_score = given.min_joint_score;
  out->person_score = static_cast<edgepose::PafPersonScore>(given.person_score);
  return true;
}

bool read_skeleton(Call& call, const ep_paf_skeleton* skeleton, ep_paf_skeleton* out) {
  return call.read(skeleton, "skeleton", ep_paf_skeleton_init, out);
}

bool limbs_ok(const ep_paf_skeleton& skeleton) {
  return skeleton.limb_count >= 0 && skeleton.limb_count <= edgepose::kMaxPafLimbs;
}

std::size_t limb_bytes(const ep_paf_skeleton& skeleton) {
  edgepose::Arena counting;
  counting.take<PafLimb>(static_cast<std::size_t>(skeleton.limb_count));
  return counting.bytes();
}

std::size_t workspace_bytes(int32_t width, int32_t height, const ep_paf_skeleton& skeleton,
                            const PafOptions& options) {
  if (!limbs_ok(skeleton)) return 0;
  const PafSkeleton counted{skeleton.parts, skeleton.limb_count, nullptr, nullptr};
  const std::size_t bytes = edgepose::paf_workspace_bytes(width, height, counted, options);
  return bytes == 0 ? 0 : bytes + limb_bytes(skeleton);
}

// The core's limbs at the front of the workspace: the two kinds need not look alike in memory.
const PafLimb* copy_limbs(const ep_paf_skeleton& skeleton, void* workspace) {
  const auto count = static_cast<std::size_t>(skeleton.limb_count);
  auto* limbs = edgepose::Arena(workspace).take<PafLimb>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const ep_paf_limb& limb = skeleton.limbs[i];
    new (limbs + i) PafLimb{limb.a, limb.b, limb.channel_x, limb.channel_y, limb.redundant != 0};
  }
  return limbs;
}

}  // namespace

void ep_paf_skeleton_init(ep_paf_skeleton* skeleton, size_t struct_size) {
  edgepose::capi::init_struct(ep_paf_skeleton{}, skeleton, struct_size);
}

void ep_paf_options_init(ep_paf_options* options, size_t struct_size, int32_t preset) {
  const PafOptions core = preset_options(preset);
  ep_paf_options defaults{};
  defaults.upscale = core.upscale;
  defaults.interpolation = static_cast<int32_t>(core.interpolation);
  defaults.smoothing_size = core.smoothing_size;
  defaults.peak_rule = static_cast<int32_t>(core.peak_rule);
  defaults.peak_threshold = core.peak_threshold;
  defaults.min_distance = core.min_distance;
  defaults.centroid = core.centroid ? 1 : 0;
  defaults.peak_offset = core.peak_offset;
  defaults.max_peaks = core.max_peaks;
  defaults.min_samples = core.min_samples;
  defaults.max_samples = core.max_samples;
  defaults.sample_end = core.sample_end ? 1 : 0;
  defaults.sample_threshold = core.sample_threshold;
  defaults.min_fraction = core.min_fraction;
  defaults.mean_of_all = core.mean_of_all ? 1 : 0;
  defaults.length_prior = core.length_prior;
  defaults.near_score = core.near_score;
  defaults.matching = static_cast<int32_t>(core.matching);
  defaults.assembly = static_cast<int32_t>(core.assembly);
  defaults.singles = core.singles ? 1 : 0;
  defaults.min_joints = core.min_joints;
  defaults.min_joints_partly = core.min_joints_partly;
  defaults.min_joint_score = core.min_joint_score;
  defaults.person_score = static_cast<int32_t>(core.person_score);
  edgepose::capi::init_struct(defaults, options, struct_size);
}

void ep_paf_people_init(ep_paf_people* people, size_t struct_size) {
  edgepose::capi::init_struct(ep_paf_people{}, people, struct_size);
}

size_t ep_paf_workspace_size(int32_t width, int32_t height, const ep_paf_skeleton* skeleton,
                             const ep_paf_options* options) {
  Call call(__func__, nullptr);
  ep_paf_skeleton given;
  PafOptions chosen;
  const bool good = read_skeleton(call, skeleton, &given) && read_options(call, options, &chosen);
  return good ? workspace_bytes(width, height, given, chosen) : 0;
}

ep_status ep_paf_group(const ep_heatmaps* heat, const ep_heatmaps* paf,
                       const ep_paf_skeleton* skeleton, const ep_paf_options* options,
                       void* workspace, size_t workspace_size, const ep_paf_people* people,
                       int32_t* count, ep_error* error) {
  Call call(__func__, error);
  MapBatch heat_maps;
  MapBatch paf_maps;
  ep_paf_skeleton given;
  PafOptions chosen;
  ep_paf_people out;
  const bool good = read_float_maps(call, heat, "heat", &heat_maps) &&
                    read_float_maps(call, paf, "paf", &paf_maps) &&
                    read_skeleton(call, skeleton, &given) && read_options(call, options, &chosen) &&
                    call.read(people, "people", ep_paf_people_init, &out) &&
                    call.pointer("count", count);
  if (!good) return call.status();
  if (!limbs_ok(given)) return call.done(Status::kBadSkeleton);
  if (given.limb_count > 0 && !call.pointer("skeleton.limbs", given.limbs)) return call.status();
  const std::size_t needed = workspace_bytes(heat_maps.width, heat_maps.height, given, chosen);
  if (!call.workspace(workspace_size, needed)) return call.status();
  // What the core refuses needs no memory, and is refused before the limbs are looked at.
  const bool usable = needed > 0 && workspace != nullptr;
  const PafSkeleton core{given.parts, given.limb_count,
                         usable ? copy_limbs(given, workspace) : nullptr, given.uncounted};
  void* rest = usable ? static_cast<char*>(workspace) + limb_bytes(given) : nullptr;
  return call.done(
      edgepose::paf_group(heat_maps, paf_maps, core, chosen, out.max_people, rest,
                          {out.xy, out.joint_score, reinterpret_cast<bool*>(out.found), out.score}),
      count);
}
