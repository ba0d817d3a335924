// SPDX-License-Identifier: Apache-2.0
// No kernel asks for memory. The sanitizers bring their own operator new, so this runs without.
#include <gtest/gtest.h>

#ifndef EDGEPOSE_SANITIZED

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "core/detect/box_nms.h"
#include "core/detect/centers.h"
#include "core/detect/yolox.h"
#include "core/group/assign.h"
#include "core/group/tags.h"
#include "core/heatmap/bilinear.h"
#include "core/heatmap/decode.h"
#include "core/heatmap/merge_flip.h"
#include "core/heatmap/simcc.h"
#include "core/heatmap/volume.h"
#include "core/image/crop.h"
#include "core/metric/coco_evaluate.h"
#include "core/metric/mpjpe.h"
#include "core/metric/nearby_joints.h"
#include "core/metric/oks.h"
#include "core/metric/oks_nms.h"
#include "core/metric/soft_oks_nms.h"
#include "core/track/match.h"
#include "core/track/one_euro.h"
#include "core/track/roi.h"
#include "tests/group/paf_scene.h"
#include "tests/image/pictures.h"
#include "tests/random_maps.h"
#include "tests/tag_scene.h"

namespace {
std::atomic<std::int64_t> allocations{0};
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace edgepose {
namespace {

template <typename Kernel>
void expect_no_allocation(const char* name, Kernel kernel) {
  const std::int64_t before = allocations;
  kernel();
  EXPECT_EQ(allocations - before, 0) << name;
}

TEST(NoAllocation, InAnyKernel) {
  const auto pixels = test::noise_picture(300, 200, 1);
  const auto maps = test::noise_map(48, 64 * 17, 2, -1.0F, 1.0F);
  std::vector<float> crops(2 * 3 * 96 * 64), xy(34), score(400), boxes(1600);
  std::vector<Peak> peaks(100);
  std::vector<std::int64_t> kept(400);
  std::vector<double> points(40), similarity(100), ones(40, 1.0);
  const double matrices[12] = {1.5, 0, 3, 0, 1.5, 4, 1.5, 0.2, 3, -0.2, 1.5, 9};
  const MapBatch batch{maps.cells.data(), 1, 17, 48, 64, 0, 48 * 64, 48};
  const int strides[2] = {8, 16};

  expect_no_allocation("crop_normalize", [&] {
    crop_normalize({pixels.data(), 300, 200, 900}, matrices, 2, 64, 96, {}, crops.data());
  });
  const test::OwnedPicture camera = test::noise("nv21", 300, 200);
  const double shrinking[18] = {4.5, 0, 3, 0, 2.5, 4, 4.5, 0.2, 3, -0.2, 3.5, 9, 0, 2, 0, 3, 0, 0};
  expect_no_allocation("crop_picture", [&] {
    crop_picture(camera.picture, shrinking, 3, {}, {crops.data(), 64, 48});
  });
  for (int subpixel = 0; subpixel <= static_cast<int>(Subpixel::kIntegral); ++subpixel) {
    expect_no_allocation("heatmap_decode", [&] {
      heatmap_decode(batch, static_cast<Subpixel>(subpixel), 11, xy.data(), score.data());
    });
  }
  std::vector<float> merged(maps.cells.size());
  const std::int64_t joint_of[17] = {};
  expect_no_allocation("heatmap_merge_flip",
                       [&] { heatmap_merge_flip(batch, batch, joint_of, {}, merged.data()); });
  expect_no_allocation("simcc_decode", [&] {
    const MapBatch lines{maps.cells.data(), 1, 17, 384, 1, 0, 384, 0};
    SimccOptions options;
    options.dark = true;
    simcc_decode(lines, lines, options, xy.data(), score.data());
  });
  expect_no_allocation("volume_integral", [&] {
    const VolumeBatch volumes{MapBatch{maps.cells.data(), 1, 4, 48, 16, 0, 3072, 48}, 4, 768};
    volume_integral(volumes, 1.0F, xy.data(), score.data());
  });
  expect_no_allocation("map_peaks", [&] { map_peaks(maps.view(), 0.1F, 1, 100, peaks.data()); });
  expect_no_allocation("centers_decode", [&] {
    centers_decode({maps.cells.data(), maps.cells.data(), maps.cells.data(), 48, 64}, 8, 0.1F, 100,
                   peaks.data(), boxes.data(), score.data());
  });
  expect_no_allocation("yolox_decode", [&] {
    yolox_decode(maps.cells.data(), 20, {32, 32, strides, 2, 3, 0}, 0.0F, boxes.data(),
                 score.data());
  });
  expect_no_allocation(
      "box_nms", [&] { box_nms(maps.cells.data(), maps.cells.data(), 400, 0.5F, kept.data()); });
  expect_no_allocation("oks_matrix", [&] {
    oks_matrix({points.data(), points.data(), ones.data(), ones.data(), nullptr, 10, 10, 2},
               similarity.data());
  });
  const test::PafScene scene = test::crowd(60, 40, 4, 0.02F, 1);
  std::vector<unsigned char> found(4 * 18);
  for (PafOptions options : {paf_openpose(), paf_lightweight(), paf_tf_pose()}) {
    options.upscale = 2;
    options.matching = PafMatching::kOptimal;
    std::vector<unsigned char> workspace(paf_workspace_bytes(60, 40, scene.skeleton(), options));
    expect_no_allocation("paf_group", [&] {
      paf_group(scene.heatmaps(), scene.fields(), scene.skeleton(), options, 4, workspace.data(),
                {boxes.data(), score.data(), reinterpret_cast<bool*>(found.data()), xy.data()});
    });
  }
  expect_no_allocation("oks_nms", [&] {
    oks_nms({points.data(), nullptr, ones.data(), ones.data(), ones.data(), 10, 2}, 0.5, 0.0,
            kept.data());
  });
}

TEST(NoAllocation, InAnyMetric) {
  std::vector<double> points(60, 2.0), ones(60, 1.0), out(60);
  std::vector<std::int64_t> kept(10), ids(10, 1);
  std::vector<std::uint8_t> done(10), seen(20, 1);
  expect_no_allocation("soft_oks_nms", [&] {
    soft_oks_nms({points.data(), nullptr, ones.data(), ones.data(), ones.data(), 10, 2}, {},
                 out.data(), kept.data());
  });
  expect_no_allocation("nearby_joints_nms", [&] {
    nearby_joints_nms({points.data(), ones.data(), 10, 2}, {0.1, 1}, done.data(), kept.data());
  });
  expect_no_allocation("mpjpe", [&] {
    mpjpe({points.data(), ones.data(), nullptr, nullptr, 4, 5}, Alignment::kProcrustes, out.data(),
          nullptr);
  });
  CocoInput input;
  input.labels = {ids.data(), points.data(), seen.data(), points.data(), ones.data(), nullptr,
                  nullptr,    nullptr,       10};
  input.predictions = {ids.data(), points.data(), ones.data(), nullptr, 10};
  input.images = ids.data();
  input.image_count = 1;
  CocoProtocol protocol;
  protocol.sigmas = ones.data();
  protocol.joints = 2;
  std::vector<double> precision(3030), recall(30), score(3030);
  std::vector<char> workspace(coco_evaluate_bytes(input, protocol));
  expect_no_allocation("coco_evaluate", [&] {
    coco_evaluate(input, protocol, workspace.data(),
                  {precision.data(), recall.data(), score.data(), kept.data()});
  });
}

TEST(NoAllocation, InGroupingAndTracking) {
  const test::TagScene scene(6, 17, 64, 48, 2);
  test::TagRoom room(scene.maps(), {});
  std::vector<double> table(100, 0.5), points(40), scores(20, 1.0), boxes(40);
  std::vector<unsigned char> workspace(match_workspace_bytes(10, 10));
  std::vector<int> columns(10);
  std::vector<OneEuroState> states(20);
  std::vector<float> resized(96 * 64);
  one_euro_reset(states.data(), 20);

  expect_no_allocation("tags_group", [&] {
    tags_group(scene.maps(), {}, room.capacity, room.workspace.data(), room.people());
  });
  expect_no_allocation("assign", [&] {
    assign({table.data(), 10, 10, 10}, workspace.data(), columns.data());
  });
  expect_no_allocation("match_similar", [&] {
    match_similar(table.data(), 10, 10, 0.1, workspace.data(), columns.data());
  });
  expect_no_allocation("one_euro_apply", [&] {
    one_euro_apply({}, 0.1, 10, points.data(), 20, states.data(), points.data());
    const double seconds[2] = {0.2, 0.2}, size[2] = {10, 10};
    one_euro_apply_people({}, {seconds, size, points.data(), nullptr, 2, 10}, states.data(), 2,
                          points.data());
  });
  expect_no_allocation("rois_of_keypoints", [&] {
    rois_of_keypoints(points.data(), scores.data(), 1, 20, {}, boxes.data());
  });
  expect_no_allocation("resize_bilinear",
                       [&] { resize_bilinear(scene.maps().heatmap(0), 96, 64, resized.data()); });
}

}  // namespace
}  // namespace edgepose

#endif
