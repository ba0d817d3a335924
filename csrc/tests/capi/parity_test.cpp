// SPDX-License-Identifier: Apache-2.0
// The C ABI gives what the core gives, bit for bit.
#include <edgepose.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

#include "core/detect/box_nms.h"
#include "core/detect/centers.h"
#include "core/detect/yolox.h"
#include "core/geometry/cells.h"
#include "core/geometry/matrices.h"
#include "core/group/paf.h"
#include "core/group/tags.h"
#include "core/heatmap/argmax.h"
#include "core/heatmap/decode.h"
#include "core/heatmap/simcc.h"
#include "core/image/crop.h"
#include "core/metric/oks.h"
#include "core/metric/soft_oks_nms.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr int kPeople = 3;
constexpr int kJoints = 17;
constexpr int kWidth = 48;
constexpr int kHeight = 64;

template <typename T>
void expect_same(const std::vector<T>& a, const std::vector<T>& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(T)), 0);
}

std::vector<double> doubles(int count, std::uint64_t seed, float low, float high) {
  const auto noise = test::noise_map(count, 1, seed, low, high);
  return {noise.cells.begin(), noise.cells.end()};
}

TEST(CApiParity, Geometry) {
  const std::vector<double> boxes = {3, 4, 90, 170, 10.5, 20.25, 300, 40};
  for (const int warp : {EP_WARP_HALF_PIXEL, EP_WARP_UDP, EP_WARP_LEGACY}) {
    std::vector<double> ours(12), wanted(12);
    ep_box_crop crop;
    ep_box_crop_init(&crop, sizeof crop);
    crop.warp = warp;
    crop.rotation_deg = 12;
    ASSERT_EQ(crop_matrices(boxes.data(), 2, 192, 256, {1.25, static_cast<Warp>(warp), 12},
                            wanted.data()),
              Status::kOk);
    ASSERT_EQ(ep_matrix_from_boxes(boxes.data(), 2, 192, 256, &crop, ours.data(), nullptr), EP_OK);
    expect_same(ours, wanted);

    const std::vector<float> cells = {0, 1, 3.5F, 60};
    std::vector<double> xy(4), wanted_xy(4);
    ep_cell_grid grid;
    ep_cell_grid_init(&grid, sizeof grid);
    grid.warp = warp;
    grid.input_width = 192;
    grid.input_height = 256;
    grid.map_width = kWidth;
    grid.map_height = kHeight;
    ASSERT_EQ(
        cells_to_input(cells.data(), 2, {static_cast<Warp>(warp), 4, 192, 256, kWidth, kHeight},
                       wanted_xy.data()),
        Status::kOk);
    ASSERT_EQ(ep_cells_to_input(cells.data(), 2, &grid, xy.data(), nullptr), EP_OK);
    expect_same(xy, wanted_xy);
  }
}

TEST(CApiParity, Crop) {
  const auto pixels = test::noise_picture(300, 200, 1);
  const double matrices[12] = {1.5, 0, 3, 0, 1.5, 4, 1.5, 0.2, 3, -0.2, 1.5, 9};
  std::vector<float> ours(2 * 3 * 96 * 64), wanted(ours.size());
  CropColor color;
  color.mean[1] = 100;
  color.std[2] = 50;
  color.swap_rb = true;
  color.pad_value = 114;
  ep_picture picture;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, pixels.data(), 300, 200);
  ep_crop_options options;
  ep_crop_options_init(&options, sizeof options);
  options.mean[1] = 100;
  options.std[2] = 50;
  options.swap_rb = 1;
  options.pad_value = 114;
  CropTarget target;
  target.data = wanted.data();
  target.width = 64;
  target.height = 96;
  ep_tensor tensor;
  ep_tensor_init(&tensor, sizeof tensor);
  tensor.data = ours.data();
  tensor.width = 64;
  tensor.height = 96;
  ASSERT_EQ(
      crop_picture(picture_of({pixels.data(), 300, 200, 900}), matrices, 2, {color, true}, target),
      Status::kOk);
  ASSERT_EQ(ep_crop_run(&picture, matrices, 2, &options, &tensor, nullptr), EP_OK);
  expect_same(ours, wanted);
}

TEST(CApiParity, Heatmaps) {
  const auto noise = test::noise_map(kWidth, kHeight * kJoints * kPeople, 2, -1.0F, 1.0F);
  const int map = kWidth * kHeight;
  const MapBatch batch{noise.cells.data(), kPeople, kJoints, kWidth, kHeight,
                       kJoints * map,      map,     kWidth};
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, noise.cells.data(), kPeople, kJoints, kHeight, kWidth);
  const std::size_t points = kPeople * kJoints;
  std::vector<float> xy(2 * points), score(points), wanted_xy(xy), wanted_score(score);
  ASSERT_EQ(heatmap_argmax(batch, wanted_xy.data(), wanted_score.data()), Status::kOk);
  ASSERT_EQ(ep_heatmap_argmax(&maps, xy.data(), score.data(), nullptr), EP_OK);
  expect_same(xy, wanted_xy);
  expect_same(score, wanted_score);
  for (int method = EP_SUBPIXEL_NONE; method <= EP_SUBPIXEL_INTEGRAL; ++method) {
    ep_decode_options options;
    ep_decode_options_init(&options, sizeof options);
    options.subpixel = method;
    DecodeOptions core;
    core.subpixel = static_cast<Subpixel>(method);
    for (const bool bounded : {false, true}) {
      core.bounded = bounded;
      options.bounded = bounded ? 1 : 0;
      ASSERT_EQ(heatmap_decode(batch, core, wanted_xy.data(), wanted_score.data()), Status::kOk);
      ASSERT_EQ(ep_heatmap_decode(&maps, &options, xy.data(), score.data(), nullptr), EP_OK);
      expect_same(xy, wanted_xy);
      expect_same(score, wanted_score);
    }
  }
  std::vector<Peak> wanted(40);
  std::vector<ep_peak> peaks(40);
  std::int32_t count = 0;
  const Result<int> found = map_peaks(batch.map(1, 4), 0.5F, 2, 40, wanted.data());
  ASSERT_EQ(ep_heatmap_peaks(&maps, 1, 4, 0.5F, 2, 40, peaks.data(), &count, nullptr), EP_OK);
  ASSERT_EQ(count, found.value);
  // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): the bits are what must be the same
  EXPECT_EQ(std::memcmp(peaks.data(), wanted.data(), sizeof(Peak) * 40), 0);
}

TEST(CApiParity, Detectors) {
  const auto noise = test::noise_map(20, 5 * 20, 3, 0.0F, 1.0F);
  const float* cells = noise.cells.data();
  std::vector<Peak> work(50);
  std::vector<ep_peak> memory(50);
  std::vector<float> boxes(200), score(50), wanted_boxes(200), wanted_score(50);
  ep_center_maps maps;
  ep_center_maps_init(&maps, sizeof maps);
  maps.width = maps.height = 20;
  maps.heatmap = cells;
  maps.size = cells + 400;
  maps.offset = cells + 1200;
  std::int32_t count = 0;
  const Result<int> found = centers_decode({cells, cells + 400, cells + 1200, 20, 20}, 8, 0.5F, 50,
                                           work.data(), wanted_boxes.data(), wanted_score.data());
  ASSERT_EQ(ep_centers_decode(&maps, 8, 0.5F, 50, memory.data(), boxes.data(), score.data(), &count,
                              nullptr),
            EP_OK);
  ASSERT_EQ(count, found.value);
  ASSERT_GT(count, 3);
  expect_same(boxes, wanted_boxes);

  std::vector<std::int64_t> kept(50), wanted_kept(50);
  std::int64_t kept_count = 0;
  const auto suppressed = box_nms(boxes.data(), score.data(), count, 0.1F, wanted_kept.data());
  ASSERT_EQ(ep_box_nms(boxes.data(), score.data(), count, 0.1F, kept.data(), &kept_count, nullptr),
            EP_OK);
  EXPECT_EQ(kept_count, suppressed.value);
  expect_same(kept, wanted_kept);

  const int strides[2] = {8, 16};
  ep_yolox_layout layout;
  ep_yolox_layout_init(&layout, sizeof layout);
  layout.input_width = layout.input_height = 64;
  layout.strides = strides;
  layout.stride_count = 2;
  layout.class_count = 3;
  layout.class_index = 1;
  const YoloxLayout core{64, 64, strides, 2, 3, 1};
  ASSERT_EQ(ep_yolox_rows(&layout), yolox_rows(core));
  std::vector<float> yolox(4 * 80), wanted_yolox(4 * 80), yolox_score(80), wanted_yolox_score(80);
  std::int64_t rows = 0;
  const auto read =
      yolox_decode(cells, 80, core, 0.3F, wanted_yolox.data(), wanted_yolox_score.data());
  ASSERT_EQ(
      ep_yolox_decode(cells, 80, &layout, 0.3F, yolox.data(), yolox_score.data(), &rows, nullptr),
      EP_OK);
  EXPECT_EQ(rows, read.value);
  expect_same(yolox, wanted_yolox);
}

TEST(CApiParity, People) {
  const int people_count = 12;
  const auto xy = doubles(people_count * kJoints * 2, 5, 0.0F, 60.0F);
  const auto joint_score = doubles(people_count * kJoints, 6, 0.0F, 1.0F);
  const auto score = doubles(people_count, 7, 0.0F, 1.0F);
  const std::vector<double> area(people_count, 4000.0), sigmas(kJoints, 0.08);
  ep_people people;
  ep_people_init(&people, sizeof people);
  people.people = people_count;
  people.joints = kJoints;
  people.xy = xy.data();
  people.joint_score = joint_score.data();
  people.score = score.data();
  people.area = area.data();
  people.sigmas = sigmas.data();
  std::vector<double> oks(people_count * people_count), wanted_oks(oks.size());
  ASSERT_EQ(oks_matrix({xy.data(), xy.data(), area.data(), sigmas.data(), nullptr, people_count,
                        people_count, kJoints},
                       wanted_oks.data()),
            Status::kOk);
  ASSERT_EQ(ep_oks_matrix(&people, nullptr, xy.data(), people_count, oks.data(), nullptr), EP_OK);
  expect_same(oks, wanted_oks);

  const OksNmsInput input{xy.data(),     joint_score.data(), score.data(), area.data(),
                          sigmas.data(), people_count,       kJoints};
  std::vector<std::int64_t> kept(people_count), wanted_kept(people_count);
  std::int64_t count = 0;
  const auto hard = oks_nms(input, 0.2, 0.3, wanted_kept.data());
  ASSERT_EQ(ep_oks_nms(&people, 0.2, 0.3, kept.data(), &count, nullptr), EP_OK);
  EXPECT_EQ(count, hard.value);
  expect_same(kept, wanted_kept);

  std::vector<double> fallen(people_count), wanted_fallen(people_count);
  const auto soft = soft_oks_nms(input, {}, wanted_fallen.data(), wanted_kept.data());
  ASSERT_EQ(ep_soft_oks_nms(&people, nullptr, fallen.data(), kept.data(), &count, nullptr), EP_OK);
  EXPECT_EQ(count, soft.value);
  expect_same(fallen, wanted_fallen);
  expect_same(kept, wanted_kept);
}

TEST(CApiParity, Simcc) {
  const auto across = test::noise_map(kWidth, kJoints, 8, 0.0F, 1.0F);
  const auto down = test::noise_map(kHeight, kJoints, 9, 0.0F, 1.0F);
  ep_heatmaps x, y;
  ep_heatmaps_init(&x, sizeof x);
  ep_heatmaps_init(&y, sizeof y);
  ep_heatmaps_set_nchw(&x, across.cells.data(), 1, kJoints, 1, kWidth);
  ep_heatmaps_set_nchw(&y, down.cells.data(), 1, kJoints, 1, kHeight);
  const MapBatch core_x{across.cells.data(), 1, kJoints, kWidth, 1, 0, kWidth, kWidth};
  const MapBatch core_y{down.cells.data(), 1, kJoints, kHeight, 1, 0, kHeight, kHeight};
  for (const int score_kind : {EP_SIMCC_VALUE, EP_SIMCC_SOFTMAX, EP_SIMCC_GAUSSIAN}) {
    ep_simcc_options options;
    ep_simcc_options_init(&options, sizeof options);
    options.score = score_kind;
    options.dark = 1;
    options.sigma[0] = 5;
    SimccOptions core;
    core.score = static_cast<SimccScore>(score_kind);
    core.dark = true;
    core.sigma[0] = 5;
    core.bounded = score_kind == EP_SIMCC_VALUE;
    options.bounded = core.bounded ? 2 : 0;
    std::vector<float> xy(2 * kJoints), score(kJoints), wanted_xy(xy), wanted_score(score);
    ASSERT_EQ(simcc_decode(core_x, core_y, core, wanted_xy.data(), wanted_score.data()),
              Status::kOk);
    ASSERT_EQ(ep_simcc_decode(&x, &y, &options, xy.data(), score.data(), nullptr), EP_OK);
    expect_same(xy, wanted_xy);
    expect_same(score, wanted_score);
  }
}

TEST(CApiParity, Tags) {
  const int joints = 5, side = 32, area = side * side;
  const auto heat = test::noise_map(side, side * joints, 10, 0.0F, 1.0F);
  const auto tag = test::noise_map(side, side * joints, 11, 0.0F, 8.0F);
  ep_tag_maps maps;
  ep_tag_maps_init(&maps, sizeof maps);
  ep_tag_maps_set(&maps, heat.cells.data(), tag.cells.data(), joints, side, side, 1);
  TagMaps core;
  core.heat = heat.cells.data();
  core.tag = tag.cells.data();
  core.joints = joints;
  core.width = core.height = side;
  core.heat_joint_stride = core.tag_joint_stride = core.tag_stride = area;
  core.heat_row_stride = core.tag_row_stride = side;
  core.tag_cell_stride = 1;
  const int capacity = ep_tags_capacity(joints, 30);
  const std::size_t bytes = ep_tags_workspace_size(&maps, nullptr);
  ASSERT_EQ(bytes, tags_workspace_bytes(core, {}));
  std::vector<char> memory(bytes);
  const auto room = static_cast<std::size_t>(capacity * joints);
  std::vector<float> xy(2 * room), joint_score(room), tags(room), score(room);
  auto wanted_xy = xy, wanted_joint_score = joint_score, wanted_tags = tags, wanted_score = score;
  ep_tag_people people;
  ep_tag_people_init(&people, sizeof people);
  people.capacity = capacity;
  people.xy = xy.data();
  people.joint_score = joint_score.data();
  people.tag = tags.data();
  people.score = score.data();
  const auto found = tags_group(
      core, {}, capacity, memory.data(),
      {wanted_xy.data(), wanted_joint_score.data(), wanted_tags.data(), wanted_score.data()});
  ASSERT_EQ(found.status, Status::kOk);
  std::int32_t count = 0;
  ASSERT_EQ(ep_tags_group(&maps, nullptr, memory.data(), bytes, &people, &count, nullptr), EP_OK);
  ASSERT_EQ(count, found.value);
  ASSERT_GT(count, 3);
  expect_same(xy, wanted_xy);
  expect_same(joint_score, wanted_joint_score);
  expect_same(tags, wanted_tags);
}

TEST(CApiParity, Paf) {
  const int parts = 4, side = 40, area = side * side, room = 50;
  const auto heat = test::noise_map(side, side * parts, 12, 0.0F, 1.0F);
  const auto field = test::noise_map(side, side * 6, 13, -1.0F, 1.0F);
  const PafLimb limbs[3] = {{0, 1, 0, 1, false}, {1, 2, 2, 3, false}, {0, 2, 4, 5, true}};
  const ep_paf_limb c_limbs[3] = {{0, 1, 0, 1, 0}, {1, 2, 2, 3, 0}, {0, 2, 4, 5, 1}};
  ep_heatmaps heat_maps, fields;
  ep_heatmaps_init(&heat_maps, sizeof heat_maps);
  ep_heatmaps_init(&fields, sizeof fields);
  ep_heatmaps_set_nchw(&heat_maps, heat.cells.data(), 1, parts, side, side);
  ep_heatmaps_set_nchw(&fields, field.cells.data(), 1, 6, side, side);
  ep_paf_skeleton skeleton;
  ep_paf_skeleton_init(&skeleton, sizeof skeleton);
  skeleton.parts = parts;
  skeleton.limb_count = 3;
  skeleton.limbs = c_limbs;
  const PafSkeleton core{parts, 3, limbs, nullptr};
  const PafOptions presets[3] = {paf_openpose(), paf_lightweight(), paf_tf_pose()};
  for (int preset = EP_PAF_OPENPOSE; preset <= EP_PAF_TF_POSE; ++preset) {
    PafOptions core_options = presets[preset];
    ep_paf_options options;
    ep_paf_options_init(&options, sizeof options, preset);
    options.min_fraction = core_options.min_fraction = 0.3F;
    options.min_joints = core_options.min_joints = 2;
    options.min_joint_score = core_options.min_joint_score = 0.0F;
    const std::size_t bytes = ep_paf_workspace_size(side, side, &skeleton, &options);
    std::vector<char> memory(bytes);
    std::vector<float> xy(2 * room * parts), joint_score(room * parts), score(room);
    auto wanted_xy = xy, wanted_joint_score = joint_score, wanted_score = score;
    std::vector<std::uint8_t> seen(room * parts);
    const auto wanted_seen = std::make_unique<bool[]>(room * parts);
    ep_paf_people people;
    ep_paf_people_init(&people, sizeof people);
    people.max_people = room;
    people.xy = xy.data();
    people.joint_score = joint_score.data();
    people.found = seen.data();
    people.score = score.data();
    const auto found = paf_group(
        {heat.cells.data(), 1, parts, side, side, 0, area, side},
        {field.cells.data(), 1, 6, side, side, 0, area, side}, core, core_options, room,
        memory.data(),
        {wanted_xy.data(), wanted_joint_score.data(), wanted_seen.get(), wanted_score.data()});
    ASSERT_EQ(found.status, Status::kOk);
    std::int32_t count = 0;
    ASSERT_EQ(ep_paf_group(&heat_maps, &fields, &skeleton, &options, memory.data(), bytes, &people,
                           &count, nullptr),
              EP_OK);
    ASSERT_EQ(count, found.value);
    ASSERT_GT(count, 0) << preset;
    expect_same(xy, wanted_xy);
    expect_same(score, wanted_score);
    for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i] != 0, wanted_seen[i]);
  }
}

}  // namespace
}  // namespace edgepose
