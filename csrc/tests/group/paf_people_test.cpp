// SPDX-License-Identifier: Apache-2.0
// Matching, assembly and pruning.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "core/group/paf_assemble.h"
#include "core/group/paf_match.h"
#include "core/group/paf_prune.h"

namespace edgepose {
namespace {

std::vector<PafLink> match(std::vector<PafLink> links, PafMatching matching, int a, int b) {
  PafOptions options;
  options.matching = matching;
  options.max_peaks = std::max(a, b);
  Arena counting;
  PafMatcher(counting, options);
  std::vector<unsigned char> memory(counting.bytes());
  Arena arena(memory.data());
  const PafMatcher matcher(arena, options);
  const int count = matcher.match(links.data(), static_cast<int>(links.size()), a, b);
  links.resize(static_cast<std::size_t>(count));
  return links;
}

TEST(PafMatch, GreedyTakesTheBestOptimalTheGreatestSum) {
  const std::vector<PafLink> links = {{0.8F, 0, 0}, {0.9F, 0, 1}, {0.7F, 1, 1}};
  const auto greedy = match(links, PafMatching::kGreedy, 2, 2);
  ASSERT_EQ(greedy.size(), 1U);
  EXPECT_EQ(greedy[0].score, 0.9F);
  const auto optimal = match(links, PafMatching::kOptimal, 2, 2);
  ASSERT_EQ(optimal.size(), 2U);
  EXPECT_EQ(optimal[0].score, 0.8F);
  EXPECT_TRUE(match({}, PafMatching::kOptimal, 3, 3).empty());
}

TEST(PafMatch, EqualScoresTakeTheLaterPeaksFirst) {
  const auto kept =
      match({{0.5F, 0, 0}, {0.5F, 0, 1}, {0.5F, 1, 0}, {0.5F, 1, 1}}, PafMatching::kGreedy, 2, 2);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].a, 1);
  EXPECT_EQ(kept[0].b, 1);
}

TEST(PafMatch, OptimalIsNeverWorseThanGreedy) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> value(0.01F, 1.0F);
  for (int round = 0; round < 200; ++round) {
    std::vector<PafLink> links;
    for (int a = 0; a < 6; ++a) {
      for (int b = 0; b < 4; ++b) {
        if (value(generator) < 0.6F) links.push_back({value(generator), a, b});
      }
    }
    float sums[2] = {};
    for (const PafMatching matching : {PafMatching::kGreedy, PafMatching::kOptimal}) {
      std::vector<int> used_a(6), used_b(4);
      for (const PafLink& link : match(links, matching, 6, 4)) {
        sums[matching == PafMatching::kOptimal ? 1 : 0] += link.score;
        EXPECT_EQ(used_a[static_cast<std::size_t>(link.a)]++, 0);
        EXPECT_EQ(used_b[static_cast<std::size_t>(link.b)]++, 0);
      }
    }
    EXPECT_GE(sums[1], sums[0] - 1e-5F);
  }
}

// People over parts of three peaks each, whose scores are 1.
struct Picture {
  static constexpr int kParts = 4;
  std::vector<float> ones = std::vector<float>(3, 1.0F);
  PafPeaks peaks[kParts];
  std::vector<std::int16_t> joints = std::vector<std::int16_t>(kParts * 20);
  std::vector<float> totals = std::vector<float>(20);
  std::vector<int> counts = std::vector<int>(20);
  PafPeople people{joints.data(), totals.data(), counts.data(), kParts, 20, 0};

  Picture() {
    for (PafPeaks& one : peaks) one = {ones.data(), ones.data(), ones.data(), 3};
  }
  void add(PafLimb limb, const std::vector<PafLink>& links, PafAssembly rule) {
    paf_assemble(limb, links.data(), static_cast<int>(links.size()), peaks, rule, people);
  }
  std::vector<int> person(int index) const {
    std::vector<int> parts(kParts);
    for (int part = 0; part < kParts; ++part) parts[part] = people.of_part(part)[index];
    return parts;
  }
};

constexpr PafAssembly kFirst = PafAssembly::kExtendFirst;
constexpr PafAssembly kAll = PafAssembly::kExtendAll;
constexpr PafAssembly kMerge = PafAssembly::kMerge;

TEST(PafAssemble, ExtendsTheOwnerOrStartsAPerson) {
  Picture picture;
  picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 2}}, kFirst);
  picture.add({1, 2, 0, 1, false}, {{0.25F, 2, 1}, {0.125F, 0, 0}}, kFirst);
  ASSERT_EQ(picture.people.count, 2);
  EXPECT_EQ(picture.person(0), (std::vector<int>{0, 2, 1, -1}));
  EXPECT_EQ(picture.person(1), (std::vector<int>{-1, 0, 0, -1}));
  EXPECT_EQ(picture.people.total[0], 3.75F);
  EXPECT_EQ(picture.people.counted[0], 3);
}

TEST(PafAssemble, ALimbGivenTwiceAddsItsScoreAlone) {
  for (const PafAssembly rule : {kFirst, kAll}) {
    Picture picture;
    for (int time = 0; time < 2; ++time) picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 0}}, rule);
    picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 1}}, rule);  // another end: dropped
    ASSERT_EQ(picture.people.count, 1);
    EXPECT_EQ(picture.person(0), (std::vector<int>{0, 0, -1, -1}));
    EXPECT_EQ(picture.people.total[0], 3.0F);
    EXPECT_EQ(picture.people.counted[0], 2);
  }
}

TEST(PafAssemble, EveryOwnerOrTheFirst) {
  for (const PafAssembly rule : {kFirst, kAll}) {
    Picture picture;
    picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 0}}, rule);
    picture.add({2, 1, 0, 1, false}, {{0.5F, 0, 0}}, rule);  // owns the same end
    picture.add({1, 3, 0, 1, false}, {{0.5F, 0, 2}}, rule);
    EXPECT_EQ(picture.person(0)[3], 2);
    EXPECT_EQ(picture.person(1)[3], rule == kAll ? 2 : -1);
  }
}

TEST(PafAssemble, ARedundantLimbFillsAndScoresNothing) {
  Picture picture;
  picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 0}}, kFirst);
  picture.add({1, 2, 0, 1, true}, {{0.5F, 0, 1}, {0.5F, 2, 2}}, kFirst);
  picture.add({3, 0, 0, 1, true}, {{0.5F, 2, 0}}, kFirst);
  ASSERT_EQ(picture.people.count, 1);
  EXPECT_EQ(picture.person(0), (std::vector<int>{0, 0, 1, 2}));
  EXPECT_EQ(picture.people.total[0], 2.5F);
  EXPECT_EQ(picture.people.counted[0], 2);
}

TEST(PafAssemble, MergesWhereNoPartIsInBoth) {
  Picture picture;
  picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 0}}, kMerge);
  picture.add({2, 3, 0, 1, false}, {{0.25F, 0, 0}}, kMerge);
  picture.add({1, 2, 0, 1, true}, {{0.125F, 0, 0}, {0.5F, 2, 2}}, kMerge);
  EXPECT_EQ(picture.person(0), (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(picture.people.total[0], 4.875F);
  EXPECT_EQ(picture.people.counted[0], 4);
  EXPECT_EQ(picture.people.counted[1], 0);
  EXPECT_EQ(picture.people.count, 2);
}

TEST(PafAssemble, SinglesAreThePeaksThatNobodyOwns) {
  Picture picture;
  picture.add({0, 1, 0, 1, false}, {{0.5F, 1, 0}}, kFirst);
  paf_add_singles(0, picture.peaks[0], picture.people);
  ASSERT_EQ(picture.people.count, 3);
  EXPECT_EQ(picture.person(1), (std::vector<int>{0, -1, -1, -1}));
  EXPECT_EQ(picture.person(2), (std::vector<int>{2, -1, -1, -1}));
}

TEST(PafPrune, DropsTheWeakAndSortsTheRest) {
  Picture picture;
  const std::uint8_t uncounted[4] = {0, 0, 0, 1};
  const PafSkeleton skeleton{4, 0, nullptr, uncounted};
  picture.add({0, 1, 0, 1, false}, {{0.5F, 0, 0}, {0.25F, 1, 1}, {1.0F, 2, 2}}, kFirst);
  picture.add({0, 3, 0, 1, false}, {{0.5F, 0, 0}}, kFirst);
  PafOptions options;
  options.min_joints = 2;
  options.min_joints_partly = 2;
  options.person_score = PafPersonScore::kPerJoint;
  int order[20];
  Picture copy = picture;
  ASSERT_EQ(paf_prune(picture.people, skeleton, options, order), 3);
  EXPECT_EQ(order[0], 2);
  EXPECT_EQ(picture.people.total[2], 1.5F);
  EXPECT_EQ(order[1], 0);
  EXPECT_EQ(order[2], 1);
  copy.people = {copy.joints.data(), copy.totals.data(), copy.counts.data(), 4, 20, 3};
  options.min_joints_partly = 3;  // person 0 has an uncounted joint and two others
  options.min_joint_score = 1.2F;
  ASSERT_EQ(paf_prune(copy.people, skeleton, options, order), 1);
  EXPECT_EQ(order[0], 2);
}

}  // namespace
}  // namespace edgepose
