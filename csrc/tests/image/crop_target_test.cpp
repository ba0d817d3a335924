// SPDX-License-Identifier: Apache-2.0
// Every type and layout of the output, and what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "core/image/crop.h"
#include "core/image/float16.h"
#include "tests/image/pictures.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr int kWidth = 21;
constexpr int kHeight = 17;
constexpr std::size_t kValues = 3 * kWidth * kHeight;
constexpr double kMatrix[6] = {0.9, 0, 1, 0, 0.8, -1.3};

CropOptions options() {
  CropOptions made;
  made.color = {{100, 110, 120}, {50, 55, 60}, true, 77};
  return made;
}

std::vector<float> floats(TensorLayout layout) {
  const test::OwnedPicture owned = test::noise("rgba", 30, 20);
  std::vector<float> out(kValues);
  EXPECT_EQ(crop_picture(owned.picture, kMatrix, 1, options(),
                         {out.data(), kWidth, kHeight, ValueType::kFloat32, layout}),
            Status::kOk);
  return out;
}

TEST(CropTarget, ChannelsLastHoldsTheSameValues) {
  const std::vector<float> first = floats(TensorLayout::kChannelsFirst);
  const std::vector<float> last = floats(TensorLayout::kChannelsLast);
  for (std::size_t i = 0; i < kValues; ++i) {
    const std::size_t channel = i / (kWidth * kHeight);
    EXPECT_EQ(first[i], last[3 * (i % (kWidth * kHeight)) + channel]);
  }
}

TEST(CropTarget, Float16IsTheFloatRounded) {
  const test::OwnedPicture owned = test::noise("rgba", 30, 20);
  for (const auto layout : {TensorLayout::kChannelsFirst, TensorLayout::kChannelsLast}) {
    const std::vector<float> expected = floats(layout);
    std::vector<std::uint16_t> out(kValues);
    ASSERT_EQ(crop_picture(owned.picture, kMatrix, 1, options(),
                           {out.data(), kWidth, kHeight, ValueType::kFloat16, layout}),
              Status::kOk);
    for (std::size_t i = 0; i < kValues; ++i) EXPECT_EQ(out[i], float16_bits(expected[i]));
  }
}

template <typename T>
void expect_quantized(ValueType type, float scale, int zero_point) {
  const test::OwnedPicture owned = test::noise("rgba", 30, 20);
  for (const auto layout : {TensorLayout::kChannelsFirst, TensorLayout::kChannelsLast}) {
    const std::vector<float> real = floats(layout);
    std::vector<T> out(kValues);
    const CropTarget target{out.data(), kWidth, kHeight, type, layout, scale, zero_point};
    ASSERT_EQ(crop_picture(owned.picture, kMatrix, 1, options(), target), Status::kOk);
    for (std::size_t i = 0; i < kValues; ++i) {
      const double exact = static_cast<double>(real[i]) / scale;
      double wanted = std::nearbyint(exact) + zero_point;
      wanted = std::min<double>(wanted, std::numeric_limits<T>::max());
      wanted = std::max<double>(wanted, std::numeric_limits<T>::min());
      // Float rounding may move a value across a tie.
      const bool tie = std::abs(std::abs(exact - std::trunc(exact)) - 0.5) < 1e-3;
      EXPECT_NEAR(out[i], wanted, tie ? 1.0 : 0.0) << exact;
    }
  }
}

TEST(CropTarget, Quantizes) {
  expect_quantized<std::uint8_t>(ValueType::kUint8, 0.02F, 128);
  expect_quantized<std::uint8_t>(ValueType::kUint8, 0.001F, 3);  // most values are held
  expect_quantized<std::int8_t>(ValueType::kInt8, 0.02F, 0);
  expect_quantized<std::int8_t>(ValueType::kInt8, 0.5F, -128);
}

TEST(CropTarget, TiesGoToTheEvenInteger) {
  const std::uint8_t bytes[12] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};
  const double identity[6] = {1, 0, 0, 0, 1, 0};
  std::int8_t out[12];
  const CropTarget target{out, 4, 1, ValueType::kInt8, TensorLayout::kChannelsFirst, 2.0F, 1};
  ASSERT_EQ(crop_picture(picture_of({bytes, 4, 1, 12}), identity, 1, {}, target), Status::kOk);
  const std::int8_t wanted[4] = {1, 1, 2, 3};  // 0, 0.5, 1, 1.5
  EXPECT_EQ(std::memcmp(out, wanted, 4), 0);
}

TEST(CropTarget, RefusesWhatItCannotWrite) {
  const test::OwnedPicture owned = test::noise("bgr", 9, 9);
  std::vector<std::uint8_t> out(48, 5);
  const CropTarget good{out.data(), 4, 4, ValueType::kUint8};
  const auto status = [&](CropTarget target) {
    return crop_picture(owned.picture, kMatrix, 1, {}, target);
  };
  const auto with = [&](auto change) {
    CropTarget target = good;
    change(target);
    return status(target);
  };
  EXPECT_EQ(with([](CropTarget& t) { t.data = nullptr; }), Status::kNullPointer);
  EXPECT_EQ(with([](CropTarget& t) { t.width = 0; }), Status::kBadSize);
  EXPECT_EQ(with([](CropTarget& t) { t.height = kMaxSide + 1; }), Status::kBadSize);
  EXPECT_EQ(with([](CropTarget& t) { t.type = static_cast<ValueType>(9); }), Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) { t.layout = static_cast<TensorLayout>(9); }),
            Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) { t.scale = 0; }), Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) { t.scale = test::kNan; }), Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) { t.scale = test::kInfinity; }), Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) { t.zero_point = -1; }), Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) { t.zero_point = 256; }), Status::kBadTarget);
  EXPECT_EQ(with([](CropTarget& t) {
              t.type = ValueType::kInt8;
              t.zero_point = 128;
            }),
            Status::kBadTarget);
  EXPECT_EQ(crop_parts(owned.picture, kMatrix, 1, {}, good, -1, 1), Status::kBadSize);
  EXPECT_EQ(crop_parts(owned.picture, kMatrix, 1, {}, good, 0, 2), Status::kBadSize);
  EXPECT_EQ(crop_picture(owned.picture, kMatrix, -1, {}, good), Status::kBadSize);
  EXPECT_EQ(crop_picture(owned.picture, nullptr, 1, {}, good), Status::kNullPointer);
  EXPECT_EQ(crop_picture(owned.picture, nullptr, 0, {}, good), Status::kOk);
  EXPECT_EQ(out, std::vector<std::uint8_t>(48, 5));
}

// Every half has a float of its own; between two neighbours the nearer wins, and the even one of
// two as near.
TEST(Float16, RoundsToTheNearest) {
  const auto value_of = [](std::uint32_t half) {
    const auto exponent = static_cast<int>(half >> 10);
    const auto fraction = static_cast<float>(half & 0x3ffU);
    return exponent == 0 ? std::ldexp(fraction, -24)
                         : std::ldexp(1024.0F + fraction, exponent - 25);
  };
  for (std::uint32_t half = 0; half < 0x7c00U; ++half) {
    const float value = value_of(half);
    const float next = value_of(half + 1);  // 65536 after the last
    const float middle = 0.5F * (value + next);
    const std::uint32_t even = half % 2 == 0 ? half : half + 1;
    ASSERT_EQ(float16_bits(value), half);
    ASSERT_EQ(float16_bits(-value), half | 0x8000U);
    ASSERT_EQ(float16_bits(middle), even);
    ASSERT_EQ(float16_bits(std::nextafter(middle, 0.0F)), half);
    ASSERT_EQ(float16_bits(std::nextafter(middle, next)), half + 1);
  }
  EXPECT_EQ(float16_bits(test::kInfinity), 0x7c00U);
  EXPECT_EQ(float16_bits(-3e38F), 0xfc00U);
  EXPECT_EQ(float16_bits(test::kNan) & 0x7fffU, 0x7e00U);
}

}  // namespace
}  // namespace edgepose
