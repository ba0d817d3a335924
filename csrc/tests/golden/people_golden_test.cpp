// SPDX-License-Identifier: Apache-2.0
// OKS and its suppressions in the C ABI beside the stored results of HRNet and mmpose.
#include <edgepose.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "tests/golden/vectors.h"

namespace edgepose::golden {
namespace {

constexpr int kJoints = 17;
const double kSigmas[kJoints] = {0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072,
                                 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089};

class OksSet : public GoldenTestOf<int> {
 protected:
  File file_{"oks_nms"};
  std::string name_ = "nms" + std::to_string(GetParam());
  std::vector<double> xy_, joint_score_, area_, score_;
  ep_people people_;

  void SetUp() override {
    GoldenTestOf<int>::SetUp();
    if (IsSkipped()) return;
    const Array keypoints = file_[name_ + "_keypoints"];
    for (std::size_t i = 0; i < keypoints.values.size(); ++i) {
      (i % 3 == 2 ? joint_score_ : xy_).push_back(keypoints.values[i]);
    }
    area_ = file_[name_ + "_area"].values;
    score_ = file_[name_ + "_score"].values;
    ep_people_init(&people_, sizeof people_);
    people_.people = keypoints.count(0);
    people_.joints = kJoints;
    people_.xy = xy_.data();
    people_.joint_score = joint_score_.data();
    people_.score = score_.data();
    people_.area = area_.data();
    people_.sigmas = kSigmas;
  }

  void expect_kept(ep_status status, const std::vector<std::int64_t>& kept, std::int64_t count,
                   const std::string& wanted) {
    ASSERT_EQ(status, EP_OK);
    EXPECT_EQ(std::vector<std::int64_t>(kept.begin(), kept.begin() + count),
              file_[name_ + "_" + wanted].integers())
        << wanted;
  }
};
INSTANTIATE_TEST_SUITE_P(Golden, OksSet, ::testing::Range(0, 5));

TEST_P(OksSet, Similarities) {
  std::vector<double> found;
  for (std::size_t other = 0; other < area_.size(); ++other) {
    const double area = (area_[0] + area_[other]) / 2;
    ep_people first = people_;
    first.people = 1;
    first.area = &area;
    double oks = -1;
    ASSERT_EQ(ep_oks_matrix(&first, nullptr, &xy_[other * kJoints * 2], 1, &oks, nullptr), EP_OK);
    found.push_back(oks);
  }
  expect_close(found, file_[name_ + "_oks_0_vs_all"].values, 1e-12);
}

TEST_P(OksSet, Suppression) {
  std::vector<std::int64_t> kept(area_.size());
  std::vector<double> lowered(area_.size());
  std::int64_t count = 0;
  for (const char* text : {"0.5", "0.7", "0.9"}) {
    const double threshold = std::stod(text);
    ep_status status = ep_oks_nms(&people_, threshold, -std::numeric_limits<double>::infinity(),
                                  kept.data(), &count, nullptr);
    expect_kept(status, kept, count, std::string("hrnet_oks_nms_") + text);
    status = ep_oks_nms(&people_, threshold, 0.2, kept.data(), &count, nullptr);
    expect_kept(status, kept, count, std::string("mmpose_oks_nms_") + text + "_vis0.2");
    ep_soft_oks_nms_options soft;
    ep_soft_oks_nms_options_init(&soft, sizeof soft);
    soft.threshold = threshold;
    status = ep_soft_oks_nms(&people_, &soft, lowered.data(), kept.data(), &count, nullptr);
    expect_kept(status, kept, count, std::string("hrnet_soft_oks_nms_") + text);
    expect_kept(status, kept, count, std::string("mmpose_soft_oks_nms_") + text);
  }
}

TEST_P(OksSet, NearbyJoints) {
  std::vector<std::int64_t> kept(area_.size());
  std::vector<std::uint8_t> done(area_.size());
  std::int64_t count = 0;
  ep_nearby_joints_options options;
  ep_nearby_joints_options_init(&options, sizeof options);
  options.max_nearby = kJoints / 2;
  options.max_people = 30;  // the stored results stop there
  const ep_status status =
      ep_nearby_joints_nms(&people_, &options, done.data(), kept.data(), &count, nullptr);
  expect_kept(status, kept, count, "mmpose_nearby_joints_nms");
}

}  // namespace
}  // namespace edgepose::golden
