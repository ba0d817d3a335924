// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>

#include "core/contract/codec_parts.h"
#include "core/heatmap/decode.h"
#include "core/heatmap/simcc.h"

namespace edgepose::contract {
namespace {

constexpr double kMaxBeta = 1e6;
constexpr std::int32_t kMaxKernel = 63;

constexpr Choice kSubpixels[] = {word("none", Subpixel::kNone),
                                 word("quarter", Subpixel::kQuarter),
                                 word("quadratic", Subpixel::kQuadratic),
                                 word("dark", Subpixel::kDark),
                                 word("udp", Subpixel::kUdp),
                                 word("megvii", Subpixel::kMegvii),
                                 word("mspn", Subpixel::kMspn),
                                 word("integral", Subpixel::kIntegral)};
constexpr Field kSubpixel = choice("subpixel", EDGEPOSE_CODEC(subpixel), kSubpixels);
constexpr Field kHeatmap[] = {
    kStride,
    kWarp,
    kSubpixel,
    optional(odd(integer("blur_kernel", EDGEPOSE_CODEC(blur_kernel), 1, kMaxKernel))),
    optional(list(number("shifts", EDGEPOSE_CODEC(shifts), 0, 1), 1, 4)),
    optional(above_low(number("beta", EDGEPOSE_CODEC(beta), 0, kMaxBeta))),
    optional(flag("debias", EDGEPOSE_CODEC(debias))),
};
constexpr const char* kHeatmapRoles[] = {"heatmap"};

constexpr Choice kBinWarps[] = {word("half_pixel", Warp::kHalfPixel),
                                word("legacy", Warp::kLegacy)};
constexpr Choice kBinSubpixels[] = {word("none", Subpixel::kNone), word("dark", Subpixel::kDark)};
constexpr Choice kScores[] = {word("value", SimccScore::kValue),
                              word("softmax", SimccScore::kSoftmax),
                              word("gaussian", SimccScore::kGaussian)};
constexpr Choice kJoins[] = {{"smaller", 0}, {"larger", 1}};
constexpr Field kBinSubpixel = choice("subpixel", EDGEPOSE_CODEC(subpixel), kBinSubpixels);
constexpr Field kScore = choice("score", EDGEPOSE_CODEC(score), kScores);
constexpr Field kSimcc[] = {
    above_low(number("split_ratio", EDGEPOSE_CODEC(split_ratio), 0, 64)),
    choice("warp", EDGEPOSE_CODEC(warp), kBinWarps),
    kBinSubpixel,
    kScore,
    choice("joined_score", EDGEPOSE_CODEC(joined_score), kJoins),
    optional(
        list(odd(integer("blur_kernel", EDGEPOSE_CODEC(axis_blur_kernel), 1, kMaxKernel)), 2, 2)),
    optional(list(above_low(number("beta", EDGEPOSE_CODEC(axis_beta), 0, kMaxBeta)), 2, 2)),
    optional(list(number("sigma", EDGEPOSE_CODEC(axis_sigma), 0, 10'000), 2, 2)),
};
constexpr const char* kSimccRoles[] = {"simcc_x", "simcc_y"};

Status check_heatmap(const Reading& reading, const ContractCodec& codec) {
  const auto subpixel = static_cast<Subpixel>(codec.subpixel);
  const bool blurs = subpixel == Subpixel::kDark || subpixel == Subpixel::kUdp ||
                     subpixel == Subpixel::kMegvii || subpixel == Subpixel::kMspn;
  if (blurs && codec.blur_kernel == kAbsent) {
    return needs(reading, "blur_kernel", kSubpixel, codec.subpixel);
  }
  const struct {
    Owned owned;
    Subpixel owner;
  } rows[] = {{{"shifts", codec.shifts.data != nullptr}, Subpixel::kMspn},
              {{"beta", !std::isnan(codec.beta)}, Subpixel::kIntegral},
              {{"debias", codec.debias != kAbsent}, Subpixel::kIntegral}};
  Status status = Status::kOk;
  for (const auto& row : rows) {
    if (status != Status::kOk) break;
    status = belongs(reading, row.owned, kSubpixel, codec.subpixel,
                     static_cast<std::int32_t>(row.owner));
  }
  return status;
}

Status check_simcc(const Reading& reading, const ContractCodec& codec) {
  const auto softmax = static_cast<std::int32_t>(SimccScore::kSoftmax);
  const auto gaussian = static_cast<std::int32_t>(SimccScore::kGaussian);
  const Owned beta{"beta", codec.axis_beta.data != nullptr};
  const Owned sigma{"sigma", codec.axis_sigma.data != nullptr};
  Status status = belongs(reading, beta, kScore, codec.score, softmax);
  if (status == Status::kOk) status = belongs(reading, sigma, kScore, codec.score, gaussian);
  if (status != Status::kOk) return status;
  const bool blurs = static_cast<Subpixel>(codec.subpixel) == Subpixel::kDark;
  if (!blurs || codec.axis_blur_kernel.data != nullptr) return Status::kOk;
  return needs(reading, "blur_kernel", kBinSubpixel, codec.subpixel);
}

Status check_bins(const Reading& reading, const ContractCodec& codec, const ContractInput& input) {
  const struct {
    const char* name;
    std::int32_t pixels;
  } sides[] = {{"width", input.width}, {"height", input.height}};
  for (const auto& side : sides) {
    const double bins = side.pixels * codec.split_ratio;
    if (bins == std::floor(bins)) continue;
    Message(reading.error)
        .add(Path{"input", side.name})
        .add(" times codec.split_ratio must be a whole number of bins; got ")
        .add(side.pixels)
        .add(" * ")
        .bound(codec.split_ratio);
    return Status::kBadContract;
  }
  return Status::kOk;
}

constexpr CodecRow kRows[] = {
    {"heatmap", ContractCodecType::kHeatmap, ContractTask::kTopDown, kHeatmap, kHeatmapRoles,
     check_heatmap, nullptr, check_maps, true},
    {"simcc", ContractCodecType::kSimcc, ContractTask::kTopDown, kSimcc, kSimccRoles, check_simcc,
     nullptr, check_bins, true},
};

}  // namespace

Rows<CodecRow> top_down_codecs() { return kRows; }

}  // namespace edgepose::contract
