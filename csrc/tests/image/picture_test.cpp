// SPDX-License-Identifier: Apache-2.0
#include "core/image/picture.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/image/pictures.h"

namespace edgepose {
namespace {

template <typename Change>
Status status_of(const std::string& format, Change change) {
  test::OwnedPicture owned = test::noise(format, 8, 6);
  change(owned.picture);
  return check_picture(owned.picture);
}

TEST(Picture, AcceptsEveryFormat) {
  for (const char* format : {"rgb", "bgra", "grey", "i420", "nv12", "nv21", "apart"}) {
    EXPECT_EQ(status_of(format, [](Picture&) {}), Status::kOk) << format;
  }
}

TEST(Picture, AcceptsRowsFromBelowAndSingleRows) {
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.row_stride[0] = -24; }), Status::kOk);
  EXPECT_EQ(status_of("rgb",
                      [](Picture& p) {
                        p.height = 1;
                        p.row_stride[0] = 0;
                      }),
            Status::kOk);
}

TEST(Picture, RefusesBadSizes) {
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.width = 0; }), Status::kBadSize);
  EXPECT_EQ(status_of("nv12", [](Picture& p) { p.height = -1; }), Status::kBadSize);
  EXPECT_EQ(status_of("grey", [](Picture& p) { p.height = kMaxSide + 1; }), Status::kBadSize);
}

TEST(Picture, RefusesWhatIsNoLayout) {
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.format = static_cast<PixelFormat>(7); }),
            Status::kBadPicture);
  EXPECT_EQ(status_of("nv12", [](Picture& p) { p.yuv = static_cast<YuvColor>(-1); }),
            Status::kBadPicture);
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.channel[1] = 3; }), Status::kBadPicture);
  EXPECT_EQ(status_of("rgba", [](Picture& p) { p.channel[2] = -1; }), Status::kBadPicture);
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.row_stride[0] = 8; }), Status::kBadPicture);
  EXPECT_EQ(status_of("rgba", [](Picture& p) { p.row_stride[0] = -31; }), Status::kBadPicture);
  EXPECT_EQ(status_of("nv12", [](Picture& p) { p.row_stride[1] = 6; }), Status::kBadPicture);
  EXPECT_EQ(status_of("nv12", [](Picture& p) { p.pixel_stride[2] = 0; }), Status::kBadPicture);
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.row_stride[0] = PTRDIFF_MAX; }),
            Status::kBadPicture);
  EXPECT_EQ(status_of("rgb", [](Picture& p) { p.row_stride[0] = PTRDIFF_MIN; }),
            Status::kBadPicture);
}

TEST(Picture, RefusesMissingPlanes) {
  EXPECT_EQ(status_of("bgr", [](Picture& p) { p.plane[0] = nullptr; }), Status::kNullPointer);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(status_of("nv21", [i](Picture& p) { p.plane[i] = nullptr; }), Status::kNullPointer);
  }
}

}  // namespace
}  // namespace edgepose
