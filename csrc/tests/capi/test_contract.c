/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "check.h"

static const char pose[] =
    "{\"edgepose_spec\": 1, \"name\": \"tiny\", \"task\": \"top_down\","
    " \"input\": {\"name\": \"image\", \"width\": 48, \"height\": 64, \"layout\": \"NCHW\","
    "  \"dtype\": \"float32\", \"color\": \"bgr\", \"mean\": [1, 2, 3], \"std\": [4, 5, 6],"
    "  \"resize\": \"crop\", \"pad_value\": 7, \"box_padding\": 1.5, \"shrink\": \"area\"},"
    " \"codec\": {\"type\": \"heatmap\", \"stride\": 4, \"warp\": \"legacy\","
    "  \"subpixel\": \"quadratic\"},"
    " \"outputs\": {\"heatmap\": \"maps\"},"
    " \"keypoints\": {\"names\": [\"nose\", \"left_eye\", \"right_eye\"],"
    "  \"edges\": [[0, 1], [0, 2]], \"flip_pairs\": [[1, 2]], \"sigmas\": [0.1, 0.2, 0.3]},"
    " \"training\": {\"data\": [\"COCO\"], \"description\": \"d\"}, \"license\": \"Apache-2.0\"}";

static const char boxes[] =
    "{\"edgepose_spec\": 1, \"name\": \"boxes\", \"task\": \"detector\","
    " \"input\": {\"name\": \"image\", \"width\": 64, \"height\": 32, \"layout\": \"NCHW\","
    "  \"dtype\": \"float32\", \"color\": \"rgb\", \"mean\": [0, 0, 0], \"std\": [1, 1, 1],"
    "  \"resize\": \"letterbox\", \"pad_value\": 114, \"anchor\": \"top_left\"},"
    " \"codec\": {\"type\": \"yolox\", \"strides\": [8, 16], \"class_index\": 2,"
    "  \"score_threshold\": 0.25, \"nms_iou\": 0.5, \"max_boxes\": 9},"
    " \"outputs\": {\"predictions\": \"output\"},"
    " \"training\": {\"data\": [], \"description\": \"d\"}, \"license\": \"none stated\"}";

#define POSE_OF(task, resize, codec, outputs)                                                   \
  "{\"edgepose_spec\": 1, \"name\": \"n\", \"task\": \"" task                                   \
  "\", \"input\": {\"name\": \"i\","                                                            \
  "\"width\": 64, \"height\": 64, \"layout\": \"NHWC\", \"dtype\": \"float32\", \"color\":"     \
  "\"rgb\", \"mean\": [0, 0, 0], \"std\": [1, 1, 1], \"pad_value\": 0, \"resize\": " resize     \
  "}, \"codec\": {" codec "}, \"outputs\": {" outputs                                           \
  "}, \"keypoints\": {\"names\": [\"a\","                                                       \
  "\"b\", \"c\"], \"edges\": [], \"flip_pairs\": [], \"sigmas\": []}, \"training\": {\"data\":" \
  "[], \"description\": \"d\"}, \"license\": \"l\"}"
#define CROP "\"crop\", \"box_padding\": 1.25"

static const char mspn[] =
    POSE_OF("top_down", CROP,
            "\"type\": \"heatmap\", \"stride\": 4, \"warp\": \"udp\", \"subpixel\": \"mspn\","
            "\"blur_kernel\": 9, \"shifts\": [0.25, 0.5]",
            "\"heatmap\": \"h\"");
static const char integral[] =
    POSE_OF("top_down", CROP,
            "\"type\": \"heatmap\", \"stride\": 4, \"warp\": \"udp\", \"subpixel\": \"integral\","
            "\"beta\": 2.5, \"debias\": true",
            "\"heatmap\": \"h\"");
static const char simcc[] =
    POSE_OF("top_down", CROP,
            "\"type\": \"simcc\", \"split_ratio\": 2, \"warp\": \"legacy\", \"subpixel\": \"dark\","
            "\"score\": \"gaussian\", \"joined_score\": \"larger\", \"blur_kernel\": [37, 29],"
            "\"sigma\": [4.5, 5.5]",
            "\"simcc_x\": \"x\", \"simcc_y\": \"y\"");
static const char softmax[] =
    POSE_OF("top_down", CROP,
            "\"type\": \"simcc\", \"split_ratio\": 2, \"warp\": \"legacy\", \"subpixel\": \"none\","
            "\"score\": \"softmax\", \"joined_score\": \"smaller\", \"beta\": [3, 4]",
            "\"simcc_x\": \"x\", \"simcc_y\": \"y\"");
static const char paf[] = POSE_OF(
    "bottom_up", "\"stretch\"",
    "\"type\": \"paf\", \"stride\": 8, \"warp\": \"half_pixel\", \"preset\": \"lightweight\","
    "\"upscale\": 4, \"peak_threshold\": 0.25, \"sample_threshold\": 0.125,"
    "\"min_fraction\": 0.75, \"matching\": \"optimal\", \"min_joints\": 2,"
    "\"min_joint_score\": 0.5, \"max_people\": 20, \"limbs\": [[0, 1, 4, 5], [1, 2, 6, 7]],"
    "\"redundant\": [1], \"uncounted\": [2]",
    "\"heatmap\": \"m\", \"paf\": \"m\"");
static const char tags[] =
    POSE_OF("bottom_up", "\"stretch\"",
            "\"type\": \"tags\", \"stride\": 4, \"warp\": \"half_pixel\", \"tag_dimensions\": 2,"
            "\"nms_kernel\": 5, \"peak_threshold\": 0.25, \"tag_threshold\": 0.5, "
            "\"person_threshold\": 0.125, \"max_people\": 7,"
            "\"use_detection_val\": false, \"ignore_too_much\": true, \"merge_equal_tags\": false,"
            "\"adjust\": true, \"refine\": false, \"joint_order\": [0, 2, 1]",
            "\"heatmap\": \"h\", \"tags\": \"t\"");

/* A graph, and the entry "edgepose.spec" of two bytes. */
static const unsigned char model[] =
    "\x3a\x00\x72\x13\x0a\x0d"
    "edgepose.spec\x12\x02{}";

static char memory[8192];

static ep_status read(const char* document, ep_contract* contract) {
  ep_contract_init(contract, sizeof *contract);
  return ep_contract_read(document, strlen(document), memory, sizeof memory, contract, &error);
}

static void a_pose_model_is_read(void) {
  ep_contract contract;
  CHECK_STATUS(EP_OK, read(pose, &contract));
  CHECK(contract.struct_size == sizeof contract && contract.task == EP_TASK_TOP_DOWN);
  CHECK(strcmp(contract.name, "tiny") == 0 && strcmp(contract.license, "Apache-2.0") == 0);
  CHECK(strcmp(contract.input_name, "image") == 0);
  CHECK(contract.input_width == 48 && contract.input_height == 64);
  CHECK(contract.layout == EP_LAYOUT_NCHW && contract.element == EP_ELEMENT_FLOAT32);
  CHECK(contract.color == EP_COLOR_BGR && contract.resize == EP_RESIZE_CROP);
  CHECK(contract.shrink == EP_SHRINK_AREA && contract.pad_value == 7);
  CHECK(contract.mean[2] == 3 && contract.std[0] == 4 && contract.box_padding == 1.5);
  CHECK(contract.codec == EP_CODEC_HEATMAP && contract.stride == 4);
  CHECK(contract.warp == EP_WARP_LEGACY && contract.subpixel == EP_SUBPIXEL_QUADRATIC);
  CHECK(contract.blur_kernel == 0 && contract.strides == NULL && contract.max_boxes == 0);
  CHECK(contract.output_count == 1 && strcmp(contract.outputs[0], "maps") == 0);
  CHECK(contract.keypoint_count == 3 && strcmp(contract.keypoint_names[2], "right_eye") == 0);
  CHECK(contract.edge_count == 2 && contract.edges[3] == 2 && contract.edges[2] == 0);
  CHECK(contract.flip_pair_count == 1 && contract.flip_pairs[0] == 1);
  CHECK(contract.sigmas[2] == 0.3);
  CHECK(contract.training_data_count == 1 && strcmp(contract.training_data[0], "COCO") == 0);
  CHECK(strcmp(contract.training_description, "d") == 0);
}

static void a_detector_is_read(void) {
  ep_contract contract;
  CHECK_STATUS(EP_OK, read(boxes, &contract));
  CHECK(contract.task == EP_TASK_DETECTOR && contract.codec == EP_CODEC_YOLOX);
  CHECK(contract.resize == EP_RESIZE_LETTERBOX && contract.anchor == EP_ANCHOR_TOP_LEFT);
  CHECK(contract.shrink == EP_SHRINK_BILINEAR && contract.box_padding == 0);
  CHECK(contract.stride_count == 2 && contract.strides[1] == 16 && contract.stride == 0);
  CHECK(contract.class_index == 2 && contract.max_boxes == 9);
  CHECK(contract.score_threshold == 0.25 && contract.nms_iou == 0.5);
  CHECK(contract.keypoint_count == 0 && contract.keypoint_names == NULL);
  CHECK(contract.edges == NULL && contract.sigmas == NULL && contract.training_data == NULL);
}

static void structs_are_set_by_it(void) {
  ep_contract contract;
  ep_box_crop crop;
  ep_crop_options options;
  ep_tensor tensor;
  ep_decode_options decode;
  ep_cell_grid grid;
  ep_yolox_layout layout;
  ep_box_crop_init(&crop, sizeof crop);
  ep_crop_options_init(&options, sizeof options);
  ep_tensor_init(&tensor, sizeof tensor);
  ep_decode_options_init(&decode, sizeof decode);
  ep_cell_grid_init(&grid, sizeof grid);
  ep_yolox_layout_init(&layout, sizeof layout);
  CHECK_STATUS(EP_OK, read(pose, &contract));
  ep_box_crop_set_contract(&crop, &contract);
  CHECK(crop.warp == EP_WARP_LEGACY && crop.padding == 1.5);
  ep_crop_options_set_contract(&options, &contract);
  CHECK(options.swap_rb == 1 && options.antialias == 1 && options.pad_value == 7);
  CHECK(options.mean[0] == 1 && options.std[2] == 6);
  ep_tensor_set_contract(&tensor, &contract, memory);
  CHECK(tensor.width == 48 && tensor.height == 64 && tensor.data == memory);
  ep_decode_options_set_contract(&decode, &contract);
  CHECK(decode.subpixel == EP_SUBPIXEL_QUADRATIC && decode.blur_kernel == 11);
  ep_cell_grid_set_contract(&grid, &contract);
  CHECK(grid.warp == EP_WARP_LEGACY && grid.stride == 4 && grid.input_width == 48);
  CHECK(grid.map_width == 12 && grid.map_height == 16 && grid.input_height == 64);
  CHECK_STATUS(EP_OK, read(boxes, &contract));
  ep_yolox_layout_set_contract(&layout, &contract);
  layout.class_count = 80;
  CHECK(layout.class_index == 2 && ep_yolox_rows(&layout) == 8 * 4 + 4 * 2);
  ep_crop_options_set_contract(&options, &contract);
  CHECK(options.swap_rb == 0 && options.antialias == 0);
}

static void decoders_of_heatmaps_are_set_by_it(void) {
  ep_contract contract;
  ep_decode_options options;
  ep_decode_options_init(&options, sizeof options);
  CHECK_STATUS(EP_OK, read(mspn, &contract));
  CHECK(contract.layout == EP_LAYOUT_NHWC && contract.sigmas == NULL && contract.edges == NULL);
  ep_decode_options_set_contract(&options, &contract);
  CHECK(options.subpixel == EP_SUBPIXEL_MSPN && options.blur_kernel == 9);
  CHECK(options.shift_count == 2 && options.shifts[1] == 0.5F && options.debias == 0);
  CHECK(options.bounded == 1);
  CHECK_STATUS(EP_OK, read(integral, &contract));
  ep_decode_options_set_contract(&options, &contract);
  CHECK(options.subpixel == EP_SUBPIXEL_INTEGRAL && options.beta == 2.5F && options.debias == 1);
}

static void decoders_of_vectors_are_set_by_it(void) {
  ep_contract contract;
  ep_simcc_options options;
  ep_simcc_options_init(&options, sizeof options);
  CHECK_STATUS(EP_OK, read(simcc, &contract));
  CHECK(contract.codec == EP_CODEC_SIMCC && contract.output_count == 2);
  CHECK(contract.warp == EP_WARP_LEGACY && contract.stride == 0);
  ep_simcc_options_set_contract(&options, &contract);
  CHECK(options.score == EP_SIMCC_GAUSSIAN && options.larger == 1 && options.dark == 1);
  CHECK(options.split_ratio == 2 && options.blur_kernel[1] == 29 && options.sigma[0] == 4.5F);
  CHECK(options.beta[0] == 1 && options.bounded == 1);
  CHECK_STATUS(EP_OK, read(softmax, &contract));
  ep_simcc_options_set_contract(&options, &contract);
  CHECK(options.score == EP_SIMCC_SOFTMAX && options.larger == 0 && options.dark == 0);
  CHECK(options.beta[1] == 4 && options.sigma[0] == 0);
}

static void grouping_by_fields_is_set_by_it(void) {
  ep_contract contract;
  ep_paf_options options, preset;
  ep_paf_skeleton skeleton;
  ep_cell_grid grid;
  ep_paf_limb limbs[2];
  uint8_t uncounted[3] = {7, 7, 7};
  ep_paf_options_init(&options, sizeof options, EP_PAF_OPENPOSE);
  ep_paf_options_init(&preset, sizeof preset, EP_PAF_LIGHTWEIGHT);
  ep_paf_skeleton_init(&skeleton, sizeof skeleton);
  CHECK_STATUS(EP_OK, read(paf, &contract));
  CHECK(contract.task == EP_TASK_BOTTOM_UP && contract.codec == EP_CODEC_PAF);
  CHECK(contract.limb_count == 2 && contract.limbs[7] == 7 && contract.max_people == 20);
  CHECK(strcmp(contract.outputs[1], "m") == 0);
  ep_paf_options_set_contract(&options, &contract);
  CHECK(options.upscale == 4 && options.peak_threshold == 0.25F);
  CHECK(options.sample_threshold == 0.125F && options.min_fraction == 0.75F);
  CHECK(options.matching == EP_PAF_OPTIMAL && options.min_joints == 2);
  CHECK(options.min_joint_score == 0.5F && options.min_distance == preset.min_distance);
  CHECK(options.max_samples == preset.max_samples && options.assembly == preset.assembly);
  ep_paf_skeleton_set_contract(&skeleton, &contract, limbs, uncounted);
  CHECK(skeleton.parts == 3 && skeleton.limb_count == 2 && skeleton.limbs == limbs);
  CHECK(limbs[1].a == 1 && limbs[1].b == 2 && limbs[1].channel_x == 6 && limbs[1].channel_y == 7);
  CHECK(limbs[0].redundant == 0 && limbs[1].redundant == 1 && skeleton.uncounted == uncounted);
  CHECK(uncounted[0] == 0 && uncounted[1] == 0 && uncounted[2] == 1);
  CHECK(ep_paf_workspace_size(8, 8, &skeleton, &options) > 0);
  ep_cell_grid_init(&grid, sizeof grid);
  CHECK(grid.upscale == 1 && grid.offset == 0);
  ep_cell_grid_set_contract(&grid, &contract);
  CHECK(grid.upscale == 4 && grid.offset == (double)preset.peak_offset && grid.stride == 8);
}

static void grouping_by_tags_is_set_by_it(void) {
  ep_contract contract;
  ep_tag_options options;
  ep_cell_grid grid;
  ep_tag_options_init(&options, sizeof options);
  CHECK_STATUS(EP_OK, read(tags, &contract));
  CHECK(contract.codec == EP_CODEC_TAGS && contract.tag_dimensions == 2);
  CHECK(contract.person_threshold == 0.125);
  ep_tag_options_set_contract(&options, &contract);
  CHECK(options.detection_threshold == 0.25F && options.tag_threshold == 0.5F);
  CHECK(options.max_people == 7 && options.nms_radius == 2 && options.use_detection_val == 0);
  CHECK(options.ignore_too_much == 1 && options.merge_equal_tags == 0);
  CHECK(options.adjust == 1 && options.refine == 0 && options.joint_order[1] == 2);
  CHECK(options.person_threshold == 0.125F && options.by_score == 1);
  ep_cell_grid_init(&grid, sizeof grid);
  ep_cell_grid_set_contract(&grid, &contract);
  CHECK(grid.upscale == 1 && grid.offset == 0.5 && grid.stride == 4);
}

static void nothing_to_set_is_no_crash(void) {
  ep_contract contract;
  ep_cell_grid grid;
  ep_contract_init(&contract, sizeof contract);
  ep_contract_init(NULL, sizeof contract);
  ep_cell_grid_init(&grid, sizeof grid);
  ep_cell_grid_set_contract(&grid, &contract); /* of no stride */
  CHECK(grid.map_width == 0);
  ep_box_crop_set_contract(NULL, &contract);
  ep_crop_options_set_contract(NULL, NULL);
  ep_tensor_set_contract(NULL, &contract, NULL);
  ep_decode_options_set_contract(NULL, &contract);
  ep_cell_grid_set_contract(&grid, NULL);
  ep_simcc_options_set_contract(NULL, &contract);
  ep_paf_options_set_contract(NULL, &contract);
  ep_paf_skeleton_set_contract(NULL, &contract, NULL, NULL);
  ep_tag_options_set_contract(NULL, &contract);
  ep_yolox_layout_set_contract(NULL, &contract);
}

static void a_refusal_names_the_field(void) {
  ep_contract contract;
  CHECK(read("{\"edgepose_spec\": 2}", &contract) == EP_BAD_CONTRACT);
  CHECK(strcmp(error.message, "ep_contract_read: edgepose_spec must be 1; got 2") == 0);
  CHECK_STATUS(EP_BAD_CONTRACT, read("", &contract));
  CHECK(contract.name == NULL);
}

static void arguments_are_checked(void) {
  ep_contract contract;
  const size_t size = sizeof pose - 1;
  const size_t bytes = ep_contract_memory_size(size);
  CHECK(bytes > 0 && bytes <= sizeof memory && ep_contract_memory_size(1 << 21) == 0);
  ep_contract_init(&contract, sizeof contract);
  CHECK_STATUS(EP_OK, ep_contract_read(pose, size, memory, bytes, &contract, &error));
  CHECK_STATUS(EP_SMALL_WORKSPACE,
               ep_contract_read(pose, size, memory, bytes - 1, &contract, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_contract_read(pose, size, NULL, bytes, &contract, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_contract_read(NULL, size, memory, bytes, &contract, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_contract_read(pose, size, memory, bytes, NULL, &error));
  CHECK_STATUS(EP_BAD_CONTRACT,
               ep_contract_read(pose, (size_t)1 << 21, memory, bytes, &contract, &error));
  memset(&contract, 0, sizeof contract);
  CHECK_STATUS(EP_BAD_STRUCT, ep_contract_read(pose, size, memory, bytes, &contract, &error));
}

static void a_program_of_an_older_header_gets_what_it_knows(void) {
  ep_contract contract;
  memset(&contract, 0x7f, sizeof contract);
  ep_contract_init(&contract, offsetof(ep_contract, color));
  CHECK_STATUS(EP_OK,
               ep_contract_read(pose, sizeof pose - 1, memory, sizeof memory, &contract, &error));
  CHECK(contract.input_width == 48 && contract.color == 0x7f7f7f7f);
}

static void a_model_carries_it(void) {
  const char* document = NULL;
  size_t size = 0;
  CHECK_STATUS(EP_OK, ep_contract_find(model, sizeof model - 1, &document, &size, &error));
  CHECK(document == (const char*)model + 21 && size == 2);
  CHECK_STATUS(EP_NO_CONTRACT, ep_contract_find(model, 2, &document, &size, &error));
  CHECK_STATUS(EP_BAD_MODEL, ep_contract_find(model, 9, &document, &size, &error));
  CHECK(ep_contract_find(NULL, 0, &document, &size, &error) == EP_BAD_MODEL);
  CHECK(strcmp(error.message, "ep_contract_find: not an ONNX model: it has no graph") == 0);
  CHECK_STATUS(EP_NULL_POINTER, ep_contract_find(NULL, 1, &document, &size, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_contract_find(model, 2, NULL, &size, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_contract_find(model, 2, &document, NULL, &error));
}

void test_contract(void) {
  a_pose_model_is_read();
  a_detector_is_read();
  structs_are_set_by_it();
  decoders_of_heatmaps_are_set_by_it();
  decoders_of_vectors_are_set_by_it();
  grouping_by_fields_is_set_by_it();
  grouping_by_tags_is_set_by_it();
  nothing_to_set_is_no_crash();
  a_refusal_names_the_field();
  arguments_are_checked();
  a_program_of_an_older_header_gets_what_it_knows();
  a_model_carries_it();
}
