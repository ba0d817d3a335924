// SPDX-License-Identifier: Apache-2.0
// Decoders of the C ABI beside the stored outputs of the official implementations.
#include <edgepose.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/golden/vectors.h"

namespace edgepose::golden {
namespace {

struct Decoded {
  std::vector<double> xy, score;
};

ep_heatmaps maps_of(const Array& array, const void* data) {
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, data, array.count(0), array.count(1),
                       static_cast<std::int32_t>(array.count(2)),
                       static_cast<std::int32_t>(array.count(3)));
  return maps;
}

Decoded decode(const ep_heatmaps& maps, const ep_decode_options& options) {
  const auto joints = static_cast<std::size_t>(maps.people * maps.joints);
  std::vector<float> xy(2 * joints), score(joints);
  ep_error error;
  EXPECT_EQ(ep_heatmap_decode(&maps, &options, xy.data(), score.data(), &error), EP_OK)
      << error.message;
  return {doubles(xy), doubles(score)};
}

ep_decode_options subpixel(std::int32_t kind, std::int32_t blur_kernel = 11) {
  ep_decode_options options;
  ep_decode_options_init(&options, sizeof options);
  options.subpixel = kind;
  options.blur_kernel = blur_kernel;
  return options;
}

class TopDown : public GoldenTestOf<const char*> {
 protected:
  File file_{std::string("topdown_decode_") + GetParam()};
  Array heatmaps_;
  std::vector<float> cells_;
  std::vector<double> valid_;

  void SetUp() override {
    GoldenTestOf<const char*>::SetUp();
    if (IsSkipped()) return;
    heatmaps_ = file_["heatmaps"];
    cells_ = heatmaps_.floats();
    valid_ = file_["valid"].values;
  }

  // Where the reference itself can be trusted.
  std::vector<double> trusted(const std::string& name) const {
    std::vector<double> result = valid_;
    const std::vector<double> spread = file_["sens_" + name].values;
    double count = 0;
    for (std::size_t i = 0; i < result.size() && i < spread.size(); ++i) {
      if (!(spread[i] < 1e-4)) result[i] = 0;
      count += result[i];
    }
    EXPECT_GE(count, 30);
    return result;
  }

  Decoded run(const ep_decode_options& options, float factor = 1.0F) const {
    std::vector<float> scaled = cells_;
    for (float& cell : scaled) cell *= factor;
    return decode(maps_of(heatmaps_, scaled.data()), options);
  }
};
INSTANTIATE_TEST_SUITE_P(Golden, TopDown, ::testing::Values("64x48", "96x72"),
                         [](const auto& info) { return test_name(info.param); });

TEST_P(TopDown, Argmax) {
  const std::vector<double> xy = file_["argmax_xy"].values, score = file_["maxval"].values;
  const Decoded floats = run(subpixel(EP_SUBPIXEL_NONE));
  expect_close(floats.xy, xy, 0, &valid_);
  expect_close(floats.score, score, 0);
  ep_heatmaps maps = maps_of(heatmaps_, heatmaps_.halves.data());
  maps.element = EP_ELEMENT_FLOAT16;
  const Decoded halves = decode(maps, subpixel(EP_SUBPIXEL_NONE));
  expect_close(halves.xy, xy, 0, &valid_);
  expect_close(halves.score, score, 0);
}

TEST_P(TopDown, Quarter) {
  expect_close(run(subpixel(EP_SUBPIXEL_QUARTER)).xy, file_["hrnet_quarter_xy"].values, 0, &valid_);
}

TEST_P(TopDown, BlurredRefinement) {
  for (const std::int32_t size : {11, 17}) {
    const std::string suffix = "_k" + std::to_string(size);
    std::vector<double> counts = trusted("dark" + suffix);
    expect_close(run(subpixel(EP_SUBPIXEL_DARK, size)).xy,
                 file_["mmpose_dark" + suffix + "_xy"].values, 1e-3, &counts);
    counts = trusted("udp" + suffix);
    expect_close(run(subpixel(EP_SUBPIXEL_UDP, size)).xy,
                 file_["mmpose_udp" + suffix + "_xy"].values, 1e-3, &counts);
  }
}

TEST_P(TopDown, SecondMaximum) {
  struct {
    const char* name;
    std::int32_t size, shifts;
  } const cases[] = {
      {"mspn_k5", 5, 1}, {"mspn_k9", 9, 1}, {"mspn_k5_two_shifts", 5, 2}, {"cpn", 21, 1}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    ep_decode_options options = subpixel(EP_SUBPIXEL_MSPN, row.size);
    options.shift_count = row.shifts;
    Decoded found = run(options, 255.0F);
    for (double& place : found.xy) place = 4 * place + 2;  // a cell's centre in their frame
    const std::vector<double> counts = trusted(row.name);
    expect_close(found.xy, file_[std::string(row.name) + "_input_xy"].values, 1e-3, &counts);
    expect_close(found.score, file_[std::string(row.name) + "_score"].values, 1e-6, &counts);
  }
}

TEST_P(TopDown, Megvii) {
  const double width = static_cast<double>(heatmaps_.count(3));
  const double height = static_cast<double>(heatmaps_.count(2));
  for (const std::int32_t size : {11, 15}) {
    Decoded found = run(subpixel(EP_SUBPIXEL_MEGVII, size), 255.0F);
    for (std::size_t i = 0; i < found.xy.size(); i += 2) {
      // mmpose adds the half cell only where it looked at the neighbours.
      const double x = std::rint(found.xy[i]), y = std::rint(found.xy[i + 1]);
      const bool looked = x > 1 && x < width - 1 && y > 1 && y < height - 1;
      for (const std::size_t axis : {i, i + 1}) {
        found.xy[axis] = 4 * (found.xy[axis] + (looked ? 0.5 : 0.0));
      }
    }
    const std::string name = "megvii_k" + std::to_string(size);
    const std::vector<double> counts = trusted(name);
    expect_close(found.xy, file_["mmpose_" + name + "_input_xy"].values, 1e-3, &counts);
    expect_close(found.score, file_["mmpose_" + name + "_score"].values, 1e-6, &counts);
  }
}

TEST_P(TopDown, Integral) {
  struct {
    const char* name;
    float beta;
    std::int32_t debias;
  } const cases[] = {{"beta1", 1, 0}, {"beta10", 10, 0}, {"beta50", 50, 0}, {"beta1_debias", 1, 1}};
  const double size[2] = {static_cast<double>(heatmaps_.count(3)),
                          static_cast<double>(heatmaps_.count(2))};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    ep_decode_options options = subpixel(EP_SUBPIXEL_INTEGRAL);
    options.beta = row.beta;
    options.debias = row.debias;
    Decoded found = run(options);
    for (std::size_t i = 0; i < found.xy.size(); ++i) found.xy[i] /= size[i % 2];
    const std::string name = std::string("mmpose_integral_") + row.name + "_norm_xy";
    expect_close(found.xy, file_[name].values, 1e-5);
    expect_close(found.score, file_["maxval"].values, 0);
  }
}

class Flip : public GoldenTestOf<int> {};
INSTANTIATE_TEST_SUITE_P(Golden, Flip, ::testing::Values(0, 1));

TEST_P(Flip, Merged) {
  const File file("topdown_decode_64x48");
  const std::string name = GetParam() == 1 ? "mmpose_flip_shift" : "mmpose_flip_noshift";
  const Array plain = file["heatmaps"], mirror = file["heatmaps_flipped_pass"];
  const std::vector<float> cells = plain.floats(), flipped = mirror.floats();
  const std::vector<std::int64_t> sides = file["flip_indices"].integers();
  std::vector<float> merged(cells.size());
  ep_flip_options options;
  ep_flip_options_init(&options, sizeof options);
  options.shift = GetParam();
  const ep_heatmaps a = maps_of(plain, cells.data()), b = maps_of(mirror, flipped.data());
  ASSERT_EQ(ep_heatmap_merge_flip(&a, &b, sides.data(), &options, merged.data(), nullptr), EP_OK);
  const std::vector<double> map = file[name + "_avg_map_case0"].values;
  expect_close({merged.begin(), merged.begin() + static_cast<std::ptrdiff_t>(map.size())}, map,
               1e-6);
  const Decoded found = decode(maps_of(plain, merged.data()), subpixel(EP_SUBPIXEL_NONE));
  std::vector<double> valid;
  for (const double score : found.score) valid.push_back(score > 0 ? 1 : 0);
  expect_close(found.xy, file[name + "_argmax_xy"].values, 0, &valid);
}

using Volume = GoldenTest;

TEST_F(Volume, IntegralAndHighest) {
  const File file("softargmax_3d");
  const Array volume = file["volume"];
  const auto side = static_cast<std::int32_t>(volume.count(4));
  const std::vector<float> cells = volume.floats();
  ep_heatmaps slice;
  ep_heatmaps_init(&slice, sizeof slice);
  ep_heatmaps_set_nchw(&slice, cells.data(), volume.count(0), volume.count(1), side, side);
  slice.joint_stride *= side;
  slice.person_stride *= side;
  const std::size_t joints = static_cast<std::size_t>(slice.people * slice.joints);
  std::vector<float> xyz(3 * joints), score(joints);
  const std::int64_t depth_stride = std::int64_t{side} * side;
  ASSERT_EQ(ep_volume_integral(&slice, side, depth_stride, 1.0F, xyz.data(), score.data(), nullptr),
            EP_OK);
  std::vector<double> place = doubles(xyz);
  for (double& value : place) value = value / side - 0.5;
  expect_close(place, file["integralrepo_norm_xyz"].values, 1e-5);
  ASSERT_EQ(ep_volume_argmax(&slice, side, depth_stride, xyz.data(), score.data(), nullptr), EP_OK);
  expect_close(doubles(xyz), file["mmpose_max3d_xyz"].values, 0);
  expect_close(doubles(score), file["mmpose_max3d_val"].values, 0);
}

using Peaks = GoldenTest;

TEST_F(Peaks, HigherHrnetMasks) {
  const File file("peaks_nms");
  const Array heat = file["heat"];
  const std::vector<float> cells = heat.floats();
  const auto height = static_cast<std::int32_t>(heat.count(1));
  const auto width = static_cast<std::int32_t>(heat.count(2));
  const std::int32_t area = width * height;
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, cells.data(), 1, heat.count(0), height, width);
  std::vector<ep_peak> peaks(static_cast<std::size_t>(area));
  for (const std::int32_t size : {3, 5, 7}) {
    std::vector<double> mask(cells.size());
    for (std::int64_t joint = 0; joint < maps.joints; ++joint) {
      std::int32_t count = 0;
      ASSERT_EQ(ep_heatmap_peaks(&maps, 0, joint, -INFINITY, size / 2, area, peaks.data(), &count,
                                 nullptr),
                EP_OK);
      for (std::int32_t i = 0; i < count; ++i) {
        const ep_peak& peak = peaks[static_cast<std::size_t>(i)];
        const std::int64_t at = joint * area + peak.y * width + peak.x;
        // The stored mask is that of the map times the peaks: cells of zero are not in it.
        mask[static_cast<std::size_t>(at)] = cells[static_cast<std::size_t>(at)] != 0 ? 1 : 0;
      }
    }
    expect_close(mask, file["higherhrnet_nms_k" + std::to_string(size)].values, 0);
  }
}

}  // namespace
}  // namespace edgepose::golden
