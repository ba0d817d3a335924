// SPDX-License-Identifier: Apache-2.0
// The contract of a model, the JSON document `edgepose.spec` (docs/contract.md): the same document,
// fields and refusals as edgepose.spec in Python; the tests hold the two against each other.
// Nothing is guessed: a field that is missing, unknown, contradictory or out of range is refused by
// name. Bytes need not be trusted. Not a per-frame step, and still it allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/contract/error.h"
#include "core/status.h"

namespace edgepose {

// Values that lie in the memory given to read_contract.
template <typename T>
struct List {
  const T* data = nullptr;
  std::int32_t count = 0;

  const T* begin() const { return data; }
  const T* end() const { return data + count; }
};

struct IndexPair {
  std::int32_t a, b;
};

// From keypoint a to keypoint b, with the channels of its field's x and y.
struct ContractLimb {
  std::int32_t a, b, channel_x, channel_y;
};

// An integer, choice or flag that the document leaves out. A number is NaN then, and a text or the
// data of a list null.
inline constexpr std::int32_t kAbsent = std::numeric_limits<std::int32_t>::min();
inline constexpr double kAbsentNumber = std::numeric_limits<double>::quiet_NaN();

enum class ContractTask : std::int32_t { kTopDown, kBottomUp, kDetector };
enum class ContractLayout : std::int32_t { kNchw, kNhwc };
enum class ContractColor : std::int32_t { kRgb, kBgr };
enum class ContractResize : std::int32_t { kCrop, kLetterbox, kStretch };
enum class ContractAnchor : std::int32_t { kCenter, kTopLeft };
enum class ContractShrink : std::int32_t { kBilinear, kArea };
enum class ContractCodecType : std::int32_t { kHeatmap, kSimcc, kPaf, kTags, kCenters, kYolox };
enum class ContractActivations : std::int32_t { kUint8, kInt8, kSymmetric };
enum class ContractPafPreset : std::int32_t { kOpenPose, kLightweight, kTfPose };

// Texts are UTF-8, end with a zero byte and hold none before. Choices are the values of the enums
// above, of Warp, Subpixel, SimccScore and PafMatching; flags are 0 and 1.
struct ContractInput {
  const char* name = nullptr;
  std::int32_t width = 0;   // px
  std::int32_t height = 0;  // px
  std::int32_t layout = 0;
  std::int32_t dtype = 0;  // one choice, float32
  std::int32_t color = 0;
  List<double> mean;  // [3] grey levels, in the order of color
  List<double> std;   // [3] grey levels, in the order of color
  std::int32_t resize = 0;
  double pad_value = 0;  // grey level
  std::int32_t anchor = kAbsent;
  double box_padding = kAbsentNumber;
  std::int32_t shrink = kAbsent;
};

// Which of these are set depends on the type; the tables in ..._codecs.cpp say.
struct ContractCodec {
  ContractCodecType type = ContractCodecType::kHeatmap;
  std::int32_t stride = 0;  // input px per cell
  std::int32_t warp = 0;
  std::int32_t subpixel = 0;
  std::int32_t blur_kernel = kAbsent;  // cells
  List<double> shifts;                 // cells
  double beta = kAbsentNumber;
  std::int32_t debias = kAbsent;
  double split_ratio = 0;  // bins per input px
  std::int32_t score = 0;
  std::int32_t joined_score = 0;        // 1: the larger of the axes', else the smaller
  List<std::int32_t> axis_blur_kernel;  // [2] x and y, bins
  List<double> axis_beta;               // [2] x and y
  List<double> axis_sigma;              // [2] x and y, bins
  std::int32_t preset = 0;
  std::int32_t upscale = 0;
  double peak_threshold = 0;
  double sample_threshold = 0;
  double min_fraction = 0;
  std::int32_t matching = 0;
  std::int32_t min_joints = 0;
  double min_joint_score = 0;
  std::int32_t max_people = 0;
  List<ContractLimb> limbs;
  List<std::int32_t> redundant;  // limbs
  List<std::int32_t> uncounted;  // keypoints
  std::int32_t tag_dimensions = 0;
  std::int32_t nms_kernel = 0;  // cells
  double tag_threshold = 0;
  double person_threshold = 0;
  std::int32_t use_detection_val = 0;
  std::int32_t ignore_too_much = 0;
  std::int32_t merge_equal_tags = 0;
  std::int32_t adjust = 0;
  std::int32_t refine = 0;
  List<std::int32_t> joint_order;  // keypoints
  List<std::int32_t> strides;      // input px per cell, one per level
  std::int32_t class_index = 0;
  double score_threshold = 0;
  double nms_iou = 0;
  std::int32_t max_boxes = 0;
};

// All empty where the task has no keypoints.
struct ContractKeypoints {
  List<const char*> names;
  List<IndexPair> edges;
  List<IndexPair> flip_pairs;
  List<double> sigmas;  // one per name, or none
};

struct ContractTraining {
  List<const char*> data;
  const char* description = nullptr;
};

// How a quantized model was made; of another model `method` is null.
struct ContractQuantization {
  std::int32_t activations = kAbsent;
  std::int32_t weight_bits = 0;
  std::int32_t per_channel = 0;
  const char* method = nullptr;
  std::int32_t calibration_crops = 0;
  const char* calibration_sha256 = nullptr;
  List<const char*> float_layers;  // kept in float
  const char* metric = nullptr;
  double float_accuracy = 0;  // points of 100, as the next
  double accuracy = 0;
};

struct Contract {
  std::int32_t edgepose_spec = 0;  // version of the document
  const char* name = nullptr;
  std::int32_t task = 0;
  ContractInput input;
  ContractCodec codec;
  List<const char*> outputs;  // tensor names, in the order of the codec's roles
  ContractKeypoints keypoints;
  ContractTraining training;
  const char* license = nullptr;
  ContractQuantization quantization;
};

// Bytes of memory that a contract of a document of so many bytes may need; 0 for a size that
// read_contract refuses.
std::size_t contract_memory_bytes(std::size_t size);

// Reads a document, JSON in UTF-8.
// Needs: memory of contract_memory_bytes(size) bytes that outlives the contract; the document may
//        go. error may be null.
// Gives: kBadContract where the document is refused, kNoCapacity where memory is too small; the
//        error then says which field, what was expected and what came.
// Cost:  linear in the document, of at most 1 MiB.
Result<Contract> read_contract(const void* document, std::size_t size, void* memory,
                               std::size_t memory_size, ContractError* error);

}  // namespace edgepose
