// SPDX-License-Identifier: Apache-2.0
// SimCC of the C ABI beside the stored outputs of mmpose.
#include <edgepose.h>

#include <cstddef>
#include <string>
#include <vector>

#include "tests/golden/vectors.h"

namespace edgepose::golden {
namespace {

class SimCC : public GoldenTest {
 protected:
  File file_{"simcc"};
  std::vector<float> x_, y_, xy_, score_;
  ep_heatmaps maps_x_, maps_y_;
  ep_simcc_options options_;
  std::vector<double> valid_;

  static ep_heatmaps vectors(const Array& array, const float* data) {
    ep_heatmaps maps;
    ep_heatmaps_init(&maps, sizeof maps);
    ep_heatmaps_set_nchw(&maps, data, array.count(0), array.count(1), 1,
                         static_cast<std::int32_t>(array.count(2)));
    return maps;
  }

  void SetUp() override {
    GoldenTest::SetUp();
    if (IsSkipped()) return;
    const Array x = file_["simcc_x"], y = file_["simcc_y"];
    x_ = x.floats();
    y_ = y.floats();
    maps_x_ = vectors(x, x_.data());
    maps_y_ = vectors(y, y_.data());
    score_.resize(static_cast<std::size_t>(x.count(0) * x.count(1)));
    xy_.resize(2 * score_.size());
    ep_simcc_options_init(&options_, sizeof options_);
    for (const double value : file_["mmpose_max_val"].values) valid_.push_back(value > 0 ? 1 : 0);
  }

  void decode() {
    ep_error error;
    ASSERT_EQ(ep_simcc_decode(&maps_x_, &maps_y_, &options_, xy_.data(), score_.data(), &error),
              EP_OK)
        << error.message;
  }
};

TEST_F(SimCC, HighestBins) {
  options_.split_ratio = 1;
  decode();
  expect_close(doubles(xy_), file_["mmpose_max_loc_bins"].values, 0, &valid_);
  expect_close(doubles(score_), file_["mmpose_max_val"].values, 0);
}

TEST_F(SimCC, Normalised) {
  options_.split_ratio = 1;
  options_.score = EP_SIMCC_GAUSSIAN;
  for (const char* sigma : {"6", "4.9"}) {
    options_.sigma[0] = options_.sigma[1] = std::stof(sigma);
    decode();
    const std::string name = std::string("mmpose_normalized_sigma") + sigma;
    const std::vector<double> wanted = file_[name + "_val"].values;
    std::vector<double> found = wanted;
    for (double& value : found) value = value > 0 ? 1 : 0;
    expect_close(doubles(score_), wanted, 1e-6);
    expect_close(doubles(xy_), file_[name + "_loc_bins"].values, 0, &found);
  }
}

TEST_F(SimCC, Codec) {
  struct {
    const char* name;
    float sigma[2];
    std::int32_t kernel[2];  // mmpose: largest odd size up to (20 sigma - 7) / 3
  } const cases[] = {{"sigma6", {6.0F, 6.0F}, {37, 37}},
                     {"sigma4.9_5.66", {4.9F, 5.66F}, {29, 35}}};
  std::vector<double> trusted = valid_;
  const std::vector<double> spread = file_["sens_decode_sigma6_dark"].values;
  for (std::size_t i = 0; i < trusted.size(); ++i) {
    if (!(spread.at(i) < 1e-4)) trusted[i] = 0;
  }
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    const std::string name = std::string("mmpose_decode_") + row.name;
    ep_simcc_options_init(&options_, sizeof options_);
    decode();
    expect_close(doubles(xy_), file_[name + "_input_xy"].values, 0, &valid_);
    expect_close(doubles(score_), file_[name + "_score"].values, 0);
    options_.dark = 1;
    for (const int axis : {0, 1}) options_.blur_kernel[axis] = row.kernel[axis];
    decode();
    expect_close(doubles(xy_), file_[name + "_dark_input_xy"].values, 1e-3, &trusted);
    ep_simcc_options_init(&options_, sizeof options_);
    options_.score = EP_SIMCC_SOFTMAX;
    for (const int axis : {0, 1}) options_.beta[axis] = 150 * row.sigma[axis];
    decode();
    expect_close(doubles(score_), file_[name + "_visibility"].values, 1e-6);
  }
}

}  // namespace
}  // namespace edgepose::golden
