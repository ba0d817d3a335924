/* SPDX-License-Identifier: Apache-2.0
 *
 * edgepose: the steps around a pose network, in C99. Crop a picture, decode what the network
 * gives, suppress doubles, score the outcome.
 *
 *   #include <edgepose.h>
 *
 *   float xy[17 * 2], score[17];
 *   ep_error error;
 *   ep_heatmaps maps;
 *   ep_decode_options options;
 *
 *   ep_heatmaps_init(&maps, sizeof maps);
 *   ep_heatmaps_set_nchw(&maps, network_output, 1, 17, 64, 48);   // people, joints, height, width
 *   ep_decode_options_init(&options, sizeof options);
 *   options.subpixel = EP_SUBPIXEL_DARK;
 *   if (ep_heatmap_decode(&maps, &options, xy, score, &error) != EP_OK) puts(error.message);
 *
 * Rules that hold everywhere
 *   Calls    return an ep_status. With any but EP_OK the outputs are not to be used.
 *   Errors   `error` is the caller's memory, or NULL. Nothing is printed, nothing aborts.
 *   Memory   is the caller's throughout: the library allocates nothing and keeps no pointer after
 *            a call returns. Functions that need working memory have a size function beside
 *            them; the workspace may lie at any address and hold anything.
 *   Inputs   are never written to, and must not overlap the outputs unless said otherwise.
 *   Arrays   lie row-major and without gaps; [N, K, 2] means N * K * 2 values. N people,
 *            K joints, H rows, W columns; points are x, y; boxes are x1, y1, x2, y2. An array
 *            of no elements may be NULL.
 *   Frames   have integers at pixel (or cell) centres: the top left pixel's centre is (0, 0).
 *   Structs  begin with struct_size. Always call their ..._init with sizeof first: it sets it
 *            and gives every field its default. Option structs may be NULL where said.
 *   Choices  are int32_t fields that hold one of the constants above them.
 *   Threads  any function may run on any thread at the same time as any other, as long as
 *            nobody writes to memory that another call uses. There is no global state.
 */
#ifndef EDGEPOSE_H_
#define EDGEPOSE_H_

#include <stddef.h>
#include <stdint.h>

#define EP_VERSION_MAJOR 0
#define EP_VERSION_MINOR 1
#define EP_VERSION_PATCH 0

#if defined(_WIN32) && defined(EP_BUILD_SHARED)
#define EP_API __declspec(dllexport)
#elif defined(_WIN32) && defined(EP_USE_SHARED)
#define EP_API __declspec(dllimport)
#elif defined(__GNUC__)
#define EP_API __attribute__((visibility("default")))
#else
#define EP_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ------------------------------------------------------------------------------- */

/* Numbers never change and are never used again. */
typedef int32_t ep_status;
enum {
  EP_OK = 0,
  EP_NULL_POINTER = 1,      /* a needed array is missing */
  EP_BAD_SIZE = 2,          /* a count, width or height outside the allowed range */
  EP_BAD_MATRIX = 3,        /* an affine matrix that is singular, not finite or out of range */
  EP_BAD_COLOR = 4,         /* mean, std or pad value not finite, or a std of zero */
  EP_BAD_BLUR_KERNEL = 5,   /* a blur kernel that is even or outside 1..63 */
  EP_BAD_THRESHOLD = 6,     /* a threshold that is NaN */
  EP_BAD_STRIDE = 7,        /* a stride that is not positive and finite */
  EP_NO_CAPACITY = 8,       /* the caller's output is too small */
  EP_BAD_STRUCT = 9,        /* a struct that was not initialised, or that asks for what this version
                               of the library does not know */
  EP_BAD_CHOICE = 10,       /* a value that is none of the constants for it */
  EP_SMALL_WORKSPACE = 11,  /* a workspace smaller than its size function says */
  EP_BAD_BOX = 12,          /* a box without width or height, or not finite */
  EP_BAD_OPTION = 13,       /* an option that is not finite or outside its range */
  EP_BAD_QUANTIZATION = 14, /* a scale or zero point outside its range */
  EP_BAD_INDEX = 15,        /* an index outside the array that it points into */
  EP_BAD_SKELETON = 16,     /* a limb that names a part or channel which is not there */
  EP_BAD_PICTURE = 17,      /* a picture's format, channels or strides are not usable */
  EP_BAD_TARGET = 18,       /* an output's type, layout, scale or zero point is not usable */
  EP_BAD_MODEL = 19,        /* a file that is no ONNX model, or is damaged */
  EP_NO_CONTRACT = 20,      /* a model that carries no contract */
  EP_BAD_CONTRACT = 21      /* a contract with a field that is missing, unknown or wrong */
};

#define EP_MESSAGE_SIZE 256

/* What went wrong, for people: "ep_heatmap_decode: the blur kernel must be an odd number from 1 to
 * 63". After EP_OK the message is "". Needs no initialisation. This struct never grows. */
typedef struct ep_error {
  ep_status status;
  char message[EP_MESSAGE_SIZE];
} ep_error;

/* "EP_BAD_SIZE" and one sentence in English; never NULL, also for numbers that are no status. */
EP_API const char* ep_status_name(ep_status status);
EP_API const char* ep_status_message(ep_status status);

/* Version of the library that runs, which may be newer than this header: major * 10000 +
 * minor * 100 + patch, and "major.minor.patch". */
EP_API int32_t ep_version_number(void);
EP_API const char* ep_version_string(void);

/* ---- Geometry ----------------------------------------------------------------------------- */

enum { EP_WARP_HALF_PIXEL = 0, EP_WARP_UDP = 1, EP_WARP_LEGACY = 2 };
enum { EP_ANCHOR_CENTER = 0, EP_ANCHOR_TOP_LEFT = 1 };

typedef struct ep_box_crop {
  uint32_t struct_size;
  int32_t warp;        /* EP_WARP_HALF_PIXEL */
  double padding;      /* 1.25: factor on the width and height of the box */
  double rotation_deg; /* 0: turns the crop's upward direction to the picture's right */
} ep_box_crop;
EP_API void ep_box_crop_init(ep_box_crop* crop, size_t struct_size);

/* The crops around boxes, grown to the aspect of the network's input.
 *   boxes           in   [N, 4] px
 *   count           in   N
 *   input_width, _height  in   px of the network's input
 *   crop            in   or NULL
 *   input_to_image  out  [N, 2, 3], mapping (x, y, 1) of the input to the picture */
EP_API ep_status ep_matrix_from_boxes(const double* boxes, int64_t count, int32_t input_width,
                                      int32_t input_height, const ep_box_crop* crop,
                                      double* input_to_image, ep_error* error);

/* The whole picture with its aspect kept.
 *   image_, input_  in   width and height, px
 *   anchor          in   where the picture lies in the input, EP_ANCHOR_*
 *   input_to_image  out  [2, 3] */
EP_API ep_status ep_matrix_letterbox(int32_t image_width, int32_t image_height, int32_t input_width,
                                     int32_t input_height, int32_t anchor, double* input_to_image,
                                     ep_error* error);

/* The whole picture stretched to fill the input. */
EP_API ep_status ep_matrix_stretch(int32_t image_width, int32_t image_height, int32_t input_width,
                                   int32_t input_height, double* input_to_image, ep_error* error);

/* Points through one matrix.
 *   matrix  in   [2, 3]
 *   xy      in   [N, 2]
 *   count   in   N
 *   out     out  [N, 2], may be xy */
EP_API ep_status ep_points_map(const double* matrix, const double* xy, int64_t count, double* out,
                               ep_error* error);

/* How heatmaps lie over the network's input. */
typedef struct ep_cell_grid {
  uint32_t struct_size;
  int32_t warp;  /* EP_WARP_HALF_PIXEL */
  double stride; /* 4: input px per cell; not used by EP_WARP_UDP */
  int32_t input_width, input_height;
  int32_t map_width, map_height;
  double upscale; /* 1: of ep_paf_group: enlarged cells per cell */
  double offset;  /* 0: what a grouping adds to x and y: peak_offset of ep_paf_options, 0.5 of
                     ep_tag_options with adjust */
} ep_cell_grid;
EP_API void ep_cell_grid_init(ep_cell_grid* grid, size_t struct_size);

/* Heatmap cells, or the places that a grouping gives, to px of the network's input. Joints that
 * were not found are at (0, 0) and moved like any other.
 *   xy_cell   in   [N, 2]
 *   count     in   N
 *   grid      in
 *   xy_input  out  [N, 2] */
EP_API ep_status ep_cells_to_input(const float* xy_cell, int64_t count, const ep_cell_grid* grid,
                                   double* xy_input, ep_error* error);

/* ---- Pictures and crops ------------------------------------------------------------------- */

enum {
  EP_PIXEL_PACKED3 = 0, /* three bytes side by side: RGB, BGR */
  EP_PIXEL_PACKED4 = 1, /* four bytes side by side, one not looked at: RGBA, BGRA, ARGB, ABGR */
  EP_PIXEL_GREY = 2,    /* one byte, seen as three equal channels */
  EP_PIXEL_YUV420 = 3   /* luma, and two planes of chroma for 2x2 pixels: I420, NV12, NV21 */
};
enum {
  EP_YUV_BT601_FULL = 0,
  EP_YUV_BT601_LIMITED = 1,
  EP_YUV_BT709_FULL = 2,
  EP_YUV_BT709_LIMITED = 3
};

/* A picture in the caller's memory; strides in bytes, may be negative. YUV has the planes Y, U, V:
 * NV12 is u = uv, v = uv + 1 and NV21 u = vu + 1, v = vu, both with a pixel stride of 2. */
typedef struct ep_picture {
  uint32_t struct_size;
  int32_t format; /* EP_PIXEL_PACKED3 */
  int32_t width, height;
  const uint8_t* plane[3]; /* packed and grey use the first */
  int64_t row_stride[3];
  int64_t pixel_stride[3]; /* read for YUV only */
  int32_t channel[3];      /* 0, 1, 2: packed: which byte of a pixel is red, green, blue */
  int32_t yuv;             /* EP_YUV_BT601_FULL */
} ep_picture;
EP_API void ep_picture_init(ep_picture* picture, size_t struct_size);
/* A packed picture of three bytes a pixel whose rows follow each other without gaps. */
EP_API void ep_picture_set_packed3(ep_picture* picture, const uint8_t* pixels, int32_t width,
                                   int32_t height);

/* How picture values become network values: (pixel - mean) / std. */
typedef struct ep_crop_options {
  uint32_t struct_size;
  int32_t swap_rb;   /* 0; else output channel c is picture channel 2 - c */
  float mean[3];     /* 0: grey levels, in the order of the output channels */
  float std[3];      /* 1: grey levels, in the order of the output channels */
  float pad_value;   /* 0: grey level outside the picture */
  int32_t antialias; /* 1: a crop that shrinks the picture averages; 0: it blends two taps */
} ep_crop_options;
EP_API void ep_crop_options_init(ep_crop_options* options, size_t struct_size);

enum {
  EP_ELEMENT_FLOAT32 = 0,
  EP_ELEMENT_FLOAT16 = 1,
  EP_ELEMENT_INT8 = 2, /* integers mean scale * (stored - zero_point) */
  EP_ELEMENT_UINT8 = 3
};
enum { EP_LAYOUT_NCHW = 0, EP_LAYOUT_NHWC = 1 };

/* The network's input in the caller's memory: [N, 3, height, width] or [N, height, width, 3]
 * without gaps. */
typedef struct ep_tensor {
  uint32_t struct_size;
  int32_t element; /* EP_ELEMENT_FLOAT32 */
  int32_t layout;  /* EP_LAYOUT_NCHW */
  int32_t width, height;
  int32_t zero_point; /* 0: of integers */
  float scale;        /* 1: of integers */
  void* data;
} ep_tensor;
EP_API void ep_tensor_init(ep_tensor* tensor, size_t struct_size);

/* Cuts, resizes and normalises crops of one picture.
 *   picture         in
 *   input_to_image  in   [N, 2, 3]
 *   count           in   N
 *   options         in   or NULL
 *   out             out  the memory that it points to */
EP_API ep_status ep_crop_run(const ep_picture* picture, const double* input_to_image, int64_t count,
                             const ep_crop_options* options, const ep_tensor* out, ep_error* error);

/* The same in parts, for callers that spread the work over threads: whoever runs parts first_part
 * to last_part - 1 writes their rows and nothing else. */
EP_API int64_t ep_crop_part_count(int64_t count, int32_t out_height);
EP_API ep_status ep_crop_run_parts(const ep_picture* picture, const double* input_to_image,
                                   int64_t count, const ep_crop_options* options,
                                   int64_t first_part, int64_t last_part, const ep_tensor* out,
                                   ep_error* error);

/* Matrices to the upright picture as matrices to the picture as the camera stores it.
 *   input_to_upright  in   [N, 2, 3]
 *   count             in   N
 *   width, height     in   of the stored picture
 *   quarter_turns     in   clockwise, that make the stored picture upright
 *   mirror            in   0; else left and right then change places
 *   input_to_image    out  [N, 2, 3], may be input_to_upright */
EP_API ep_status ep_matrix_orient(const double* input_to_upright, int64_t count, int32_t width,
                                  int32_t height, int32_t quarter_turns, int32_t mirror,
                                  double* input_to_image, ep_error* error);

/* ---- Heatmaps ----------------------------------------------------------------------------- */

/* Heatmaps of N people with K joints each; strides in elements, may be negative. */
typedef struct ep_heatmaps {
  uint32_t struct_size;
  int32_t element; /* EP_ELEMENT_FLOAT32 */
  const void* data;
  int64_t people, joints;
  int32_t width, height;
  int64_t person_stride, joint_stride, row_stride;
  int64_t cell_stride; /* 1 */
  float scale;         /* 1: of integers */
  int32_t zero_point;  /* 0: of integers */
} ep_heatmaps;
EP_API void ep_heatmaps_init(ep_heatmaps* maps, size_t struct_size);
/* Data, sizes and strides of [N, K, H, W] and of [N, H, W, K] without gaps. */
EP_API void ep_heatmaps_set_nchw(ep_heatmaps* maps, const void* data, int64_t people,
                                 int64_t joints, int32_t height, int32_t width);
EP_API void ep_heatmaps_set_nhwc(ep_heatmaps* maps, const void* data, int64_t people,
                                 int64_t joints, int32_t height, int32_t width);

enum {
  EP_SUBPIXEL_NONE = 0,
  EP_SUBPIXEL_QUARTER = 1,
  EP_SUBPIXEL_QUADRATIC = 2,
  EP_SUBPIXEL_DARK = 3,
  EP_SUBPIXEL_UDP = 4,
  EP_SUBPIXEL_MEGVII = 5,
  EP_SUBPIXEL_MSPN = 6,
  EP_SUBPIXEL_INTEGRAL = 7
};

typedef struct ep_decode_options {
  uint32_t struct_size;
  int32_t subpixel;    /* EP_SUBPIXEL_NONE */
  int32_t blur_kernel; /* 11: DARK, UDP, MEGVII, MSPN: cells, odd, 1 to 63 */
  int32_t shift_count; /* 1: MSPN: how many of the shifts, 0 to 4 */
  float shifts[4];     /* 0.25, 0.125, 0, 0: MSPN: cells towards each next maximum */
  float beta;          /* 1: INTEGRAL: positive */
  int32_t debias;      /* 0: INTEGRAL */
  int32_t bounded;     /* 0: as published, DARK, UDP and debiased places may lie anywhere; else a
                          step of more than 2 cells (or the blur's standard deviation, if that is
                          more) along either axis is not taken, and a debiased place outside the
                          map gives way to the plain mean */
} ep_decode_options;
EP_API void ep_decode_options_init(ep_decode_options* options, size_t struct_size);

/* The highest cell of each map. NaN cells are passed over.
 *   maps   in
 *   xy     out  [N, K, 2] cells
 *   score  out  [N, K], NaN for a map of nothing but NaN */
EP_API ep_status ep_heatmap_argmax(const ep_heatmaps* maps, float* xy, float* score,
                                   ep_error* error);

/* The highest cell of each map and its place between cells.
 *   maps     in
 *   options  in   or NULL
 *   xy       out  [N, K, 2] cells
 *   score    out  [N, K] */
EP_API ep_status ep_heatmap_decode(const ep_heatmaps* maps, const ep_decode_options* options,
                                   float* xy, float* score, ep_error* error);

/* A local maximum. This struct never grows. */
typedef struct ep_peak {
  int32_t x, y; /* cells */
  float score;
} ep_peak;

/* Cells of one map above a threshold that no cell within a radius surpasses, best first.
 *   maps       in
 *   person, joint  in   which of the maps
 *   threshold  in   excluded
 *   radius     in   columns and rows on each side
 *   max_peaks  in   room in peaks; the highest are kept
 *   peaks      out  [max_peaks]
 *   count      out  how many */
EP_API ep_status ep_heatmap_peaks(const ep_heatmaps* maps, int64_t person, int64_t joint,
                                  float threshold, int32_t radius, int32_t max_peaks,
                                  ep_peak* peaks, int32_t* count, ep_error* error);

/* Bilinear resize of one float32 map whose cells lie side by side in a row, by half-pixel centres.
 *   maps           in
 *   person, joint  in   which of the maps
 *   height, width  in   of the result
 *   out            out  [height, width] */
EP_API ep_status ep_heatmap_resize(const ep_heatmaps* maps, int64_t person, int64_t joint,
                                   int32_t height, int32_t width, float* out, ep_error* error);

typedef struct ep_flip_options {
  uint32_t struct_size;
  int32_t mirror; /* 1: read the second maps from right to left; 0 for SimCC's vectors over y */
  int32_t shift;  /* 0: cells that the mirrored maps are moved to the right by; HRNet uses 1 */
} ep_flip_options;
EP_API void ep_flip_options_init(ep_flip_options* options, size_t struct_size);

/* Maps of a picture averaged with those of its mirror image (flip test).
 *   maps      in
 *   flipped   in   of the mirror image, the same N, K, H, W
 *   joint_of  in   [K] the joint on the other side of the body
 *   options   in   or NULL
 *   merged    out  [N, K, H, W] */
EP_API ep_status ep_heatmap_merge_flip(const ep_heatmaps* maps, const ep_heatmaps* flipped,
                                       const int64_t* joint_of, const ep_flip_options* options,
                                       float* merged, ep_error* error);

enum { EP_SIMCC_VALUE = 0, EP_SIMCC_SOFTMAX = 1, EP_SIMCC_GAUSSIAN = 2 };

typedef struct ep_simcc_options {
  uint32_t struct_size;
  int32_t score;          /* EP_SIMCC_VALUE: what an axis reports */
  float split_ratio;      /* 2: bins per input px */
  float beta[2];          /* 1: x, y; for SOFTMAX */
  float sigma[2];         /* 0: x, y, bins; for GAUSSIAN */
  int32_t larger;         /* 0; else the larger of the axes' scores, not the smaller */
  int32_t dark;           /* 0; else refine each place */
  int32_t blur_kernel[2]; /* 21: x, y; odd, 1 to 63 bins, for dark */
  int32_t bounded;        /* 0: as published; else a step of more than 2 bins (or the blur's
                             standard deviation, if that is more) is not taken */
} ep_simcc_options;
EP_API void ep_simcc_options_init(ep_simcc_options* options, size_t struct_size);

/* Keypoints as two vectors (Li et al. 2022).
 *   x, y     in   [N, K, Wx] and [N, K, Wy] as maps of height 1
 *   options  in   or NULL
 *   xy       out  [N, K, 2] input px
 *   score    out  [N, K] */
EP_API ep_status ep_simcc_decode(const ep_heatmaps* x, const ep_heatmaps* y,
                                 const ep_simcc_options* options, float* xy, float* score,
                                 ep_error* error);

/* The highest cell of volumes [N, K, D, H, W].
 *   first_slice   in   slice 0 of each volume
 *   depth         in   D
 *   depth_stride  in   elements from a slice to the next
 *   xyz           out  [N, K, 3] cells
 *   score         out  [N, K] */
EP_API ep_status ep_volume_argmax(const ep_heatmaps* first_slice, int32_t depth,
                                  int64_t depth_stride, float* xyz, float* score, ep_error* error);

/* The same, with the mean place under softmax(beta * volume) (Sun et al. 2018).
 *   beta  in  positive */
EP_API ep_status ep_volume_integral(const ep_heatmaps* first_slice, int32_t depth,
                                    int64_t depth_stride, float beta, float* xyz, float* score,
                                    ep_error* error);

/* ---- Detectors ---------------------------------------------------------------------------- */

/* Output of a detector that marks the centres of people, without gaps. */
typedef struct ep_center_maps {
  uint32_t struct_size;
  int32_t width, height; /* cells */
  const float* heatmap;  /* [H, W] probability that a centre lies in the cell */
  const float* size;     /* [2, H, W] width and height of the box, input px */
  const float* offset;   /* [2, H, W] centre from the cell's centre, cells */
} ep_center_maps;
EP_API void ep_center_maps_init(ep_center_maps* maps, size_t struct_size);

/* Boxes at the peaks of the centre map, by falling score.
 *   maps       in
 *   stride     in   input px per cell
 *   threshold  in   excluded
 *   max_boxes  in   room in boxes and score
 *   workspace  in   [max_boxes] peaks of working memory
 *   boxes      out  [max_boxes, 4] input px
 *   score      out  [max_boxes]
 *   count      out  how many */
EP_API ep_status ep_centers_decode(const ep_center_maps* maps, float stride, float threshold,
                                   int32_t max_boxes, ep_peak* workspace, float* boxes,
                                   float* score, int32_t* count, ep_error* error);

/* Grids and class of a YOLOX output. */
typedef struct ep_yolox_layout {
  uint32_t struct_size;
  int32_t input_width, input_height; /* px */
  int32_t stride_count;              /* S */
  const int32_t* strides;            /* [S] one per grid, in the order of the rows */
  int32_t class_count;
  int32_t class_index; /* 0: the class that is read */
} ep_yolox_layout;
EP_API void ep_yolox_layout_init(ep_yolox_layout* layout, size_t struct_size);

/* Rows P of the output that a layout describes; 0 for a layout that makes no sense. */
EP_API int64_t ep_yolox_rows(const ep_yolox_layout* layout);

/* Boxes of one class, in the order of the rows: suppress with ep_box_nms.
 *   predictions  in   [P, 5 + classes] as exported, not yet multiplied by the strides
 *   rows         in   P = ep_yolox_rows(layout)
 *   layout       in
 *   threshold    in   excluded, of objectness times class probability
 *   boxes        out  [P, 4] input px
 *   score        out  [P]
 *   count        out  how many */
EP_API ep_status ep_yolox_decode(const float* predictions, int64_t rows,
                                 const ep_yolox_layout* layout, float threshold, float* boxes,
                                 float* score, int64_t* count, ep_error* error);

/* Greedy suppression of boxes that a better one overlaps.
 *   boxes          in   [M, 4]
 *   score          in   [M]
 *   count          in   M
 *   iou_threshold  in   a pair above it is one too many
 *   kept           out  [M] indices by falling score
 *   kept_count     out  how many */
EP_API ep_status ep_box_nms(const float* boxes, const float* score, int64_t count,
                            float iou_threshold, int64_t* kept, int64_t* kept_count,
                            ep_error* error);

/* ---- Grouping by part affinity fields ----------------------------------------------------- */

/* A limb from part a to part b; its field points from a to b. This struct never grows. */
typedef struct ep_paf_limb {
  int32_t a, b;
  int32_t channel_x, channel_y; /* of the fields */
  int32_t redundant; /* 0; else it closes a cycle: fills joints that people lack, starts nobody */
} ep_paf_limb;

typedef struct ep_paf_skeleton {
  uint32_t struct_size;
  int32_t parts;            /* K */
  int32_t limb_count;       /* L */
  const ep_paf_limb* limbs; /* [L] in the order in which they are handled */
  const uint8_t* uncounted; /* [K] not 0 where a part does not speak for a person, or NULL */
} ep_paf_skeleton;
EP_API void ep_paf_skeleton_init(ep_paf_skeleton* skeleton, size_t struct_size);

enum { EP_PAF_OPENPOSE = 0, EP_PAF_LIGHTWEIGHT = 1, EP_PAF_TF_POSE = 2 };
enum { EP_PAF_CUBIC = 0, EP_PAF_REPEAT = 1 };
enum { EP_PAF_PEAK_POOL = 0, EP_PAF_PEAK_CROSS = 1, EP_PAF_PEAK_OPENPOSE = 2 };
enum { EP_PAF_GREEDY = 0, EP_PAF_OPTIMAL = 1 };
enum { EP_PAF_EXTEND_FIRST = 0, EP_PAF_EXTEND_ALL = 1, EP_PAF_MERGE = 2 };
enum { EP_PAF_SCORE_TOTAL = 0, EP_PAF_SCORE_PER_JOINT = 1, EP_PAF_SCORE_PER_PART_AND_LIMB = 2 };

/* The choices in which published decoders differ. Distances in enlarged cells. */
typedef struct ep_paf_options {
  uint32_t struct_size;
  int32_t upscale;           /* enlarged cells per cell, along each axis */
  int32_t interpolation;     /* EP_PAF_CUBIC, EP_PAF_REPEAT */
  int32_t smoothing_size;    /* odd taps of the Gaussian under which peaks are sought; 0: none */
  int32_t peak_rule;         /* EP_PAF_PEAK_* */
  float peak_threshold;      /* excluded */
  float min_distance;        /* a peak hides later ones nearer than this */
  int32_t centroid;          /* place of a peak: mean of the 7x7 window, weighted by value */
  float peak_offset;         /* added to both coordinates */
  int32_t max_peaks;         /* the highest of each part */
  int32_t min_samples;       /* along a link: between these two */
  int32_t max_samples;       /* */
  int32_t sample_end;        /* whether the last sample lies on the link's end */
  float sample_threshold;    /* excluded: along the link, for a sample to pass */
  float min_fraction;        /* excluded: of samples that must pass */
  int32_t mean_of_all;       /* score of a link: mean over all samples, not those that passed */
  float length_prior;        /* adds min(0, prior * map height / length - 1); 0: none */
  float near_score;          /* of ends that are very near and fail; 0: none */
  int32_t matching;          /* EP_PAF_GREEDY, EP_PAF_OPTIMAL */
  int32_t assembly;          /* EP_PAF_EXTEND_FIRST, EP_PAF_EXTEND_ALL, EP_PAF_MERGE */
  int32_t singles;           /* peaks of a limb whose other part has none become people */
  int32_t min_joints;        /* of a person */
  int32_t min_joints_partly; /* of a person who has uncounted parts, without these */
  float min_joint_score;     /* of the sum over counted joints */
  int32_t person_score;      /* EP_PAF_SCORE_* */
} ep_paf_options;
/* preset: EP_PAF_OPENPOSE, EP_PAF_LIGHTWEIGHT or EP_PAF_TF_POSE; any other is the first. */
EP_API void ep_paf_options_init(ep_paf_options* options, size_t struct_size, int32_t preset);

/* Where people go, by falling score. */
typedef struct ep_paf_people {
  uint32_t struct_size;
  int32_t max_people; /* room; the best are kept */
  float* xy;          /* [max_people, K, 2] enlarged cells, (0, 0) where missing */
  float* joint_score; /* [max_people, K] 0 where missing */
  uint8_t* found;     /* [max_people, K] 1 where found, else 0 */
  float* score;       /* [max_people] */
} ep_paf_people;
EP_API void ep_paf_people_init(ep_paf_people* people, size_t struct_size);

/* Bytes of working memory for ep_paf_group; 0 for what it refuses. */
EP_API size_t ep_paf_workspace_size(int32_t width, int32_t height, const ep_paf_skeleton* skeleton,
                                    const ep_paf_options* options);

/* People from heatmaps and part affinity fields (Cao et al. 2017). Both are float32 maps of one
 * picture whose cells lie side by side in a row, of the same size.
 *   heat            in   K or more channels (as joints); further ones are not read
 *   paf             in   channels as the limbs name them
 *   skeleton        in
 *   options         in   or NULL: EP_PAF_OPENPOSE
 *   workspace       in   working memory
 *   workspace_size  in   bytes
 *   people          out  the arrays that it points to
 *   count           out  how many */
EP_API ep_status ep_paf_group(const ep_heatmaps* heat, const ep_heatmaps* paf,
                              const ep_paf_skeleton* skeleton, const ep_paf_options* options,
                              void* workspace, size_t workspace_size, const ep_paf_people* people,
                              int32_t* count, ep_error* error);

/* ---- Grouping by tags --------------------------------------------------------------------- */

/* Maps of one picture from an associative-embedding network; strides in floats. */
typedef struct ep_tag_maps {
  uint32_t struct_size;
  int32_t joints;        /* K */
  int32_t width, height; /* cells */
  int32_t tag_length;    /* 1: T */
  const float* heat;     /* [K, H, W], the cells of a row side by side */
  const float* tag;      /* [K, H, W, T] */
  int64_t heat_joint_stride, heat_row_stride;
  int64_t tag_joint_stride, tag_row_stride, tag_cell_stride;
  int64_t tag_stride; /* from a component of a tag to the next */
} ep_tag_maps;
EP_API void ep_tag_maps_init(ep_tag_maps* maps, size_t struct_size);
/* Heat [K, H, W] and tags [T, K, H, W], both without gaps. */
EP_API void ep_tag_maps_set(ep_tag_maps* maps, const float* heat, const float* tag, int32_t joints,
                            int32_t height, int32_t width, int32_t tag_length);

typedef struct ep_tag_options {
  uint32_t struct_size;
  float detection_threshold;  /* 0.1: a peak must be above */
  float tag_threshold;        /* 1: a tag must be nearer to its person's */
  int32_t max_people;         /* 30: peaks per joint, and people that peaks are matched with */
  int32_t nms_radius;         /* 2: cells on each side that a peak must surpass or equal */
  int32_t use_detection_val;  /* 1: rounded distances, the surer peak first */
  int32_t ignore_too_much;    /* 0: skip a joint once max_people are found */
  int32_t merge_equal_tags;   /* 1: a new person with the first component of another joins it */
  int32_t adjust;             /* 1: quarter of a cell towards the higher neighbour */
  int32_t refine;             /* 1: fill missing joints from the whole map */
  const int32_t* joint_order; /* [K] the order of matching, or NULL: 0, 1, ... */
  float person_threshold;     /* -infinity: least score of a person; others go */
  int32_t by_score;           /* 0: people in the order in which they were started; else by falling
                                 score */
} ep_tag_options;
EP_API void ep_tag_options_init(ep_tag_options* options, size_t struct_size);

/* Where people go; missing joints hold zeros. */
typedef struct ep_tag_people {
  uint32_t struct_size;
  int32_t capacity;   /* room in people */
  float* xy;          /* [capacity, K, 2] cells, with adjust from the map's corner */
  float* joint_score; /* [capacity, K] */
  float* tag;         /* [capacity, K, T] */
  float* score;       /* [capacity] */
} ep_tag_people;
EP_API void ep_tag_people_init(ep_tag_people* people, size_t struct_size);

/* Most people that can be found; 0 for numbers that make no sense. */
EP_API int32_t ep_tags_capacity(int32_t joints, int32_t max_people);

/* Bytes of working memory for ep_tags_group; 0 for sizes that it refuses. */
EP_API size_t ep_tags_workspace_size(const ep_tag_maps* maps, const ep_tag_options* options);

/* Groups the peaks of all joints into people (Newell et al. 2017, as HigherHRNet does).
 *   maps            in
 *   options         in   or NULL
 *   workspace       in   working memory
 *   workspace_size  in   bytes
 *   people          out  the arrays that it points to
 *   count           out  how many; EP_NO_CAPACITY where there are more than there is room for */
EP_API ep_status ep_tags_group(const ep_tag_maps* maps, const ep_tag_options* options,
                               void* workspace, size_t workspace_size, const ep_tag_people* people,
                               int32_t* count, ep_error* error);

/* ---- People ------------------------------------------------------------------------------- */

/* People with keypoints. Functions say which arrays they read; the others may be NULL. */
typedef struct ep_people {
  uint32_t struct_size;
  int64_t people, joints;
  const double* xy;          /* [N, K, 2] px */
  const double* joint_score; /* [N, K] */
  const double* score;       /* [N] */
  const double* area;        /* [N] px^2 */
  const double* sigmas;      /* [K] */
} ep_people;
EP_API void ep_people_init(ep_people* people, size_t struct_size);

/* Object keypoint similarity of every a with every b, by the area of a.
 *   a        in   reads xy, area and sigmas
 *   mask     in   [N, K] not 0 for the joints of a that count, or NULL: all
 *   b_xy     in   [M, K, 2] px
 *   b_count  in   M
 *   out      out  [N, M], 0..1 */
EP_API ep_status ep_oks_matrix(const ep_people* a, const uint8_t* mask, const double* b_xy,
                               int64_t b_count, double* out, ep_error* error);

/* Keeps a person unless the OKS with a better one is above the threshold.
 *   people             in   reads all; without joint_score every joint counts
 *   threshold          in
 *   visible_threshold  in   excluded: joints of both that count in a pair
 *   kept               out  [N] indices by falling score
 *   kept_count         out  how many */
EP_API ep_status ep_oks_nms(const ep_people* people, double threshold, double visible_threshold,
                            int64_t* kept, int64_t* kept_count, ep_error* error);

enum { EP_DECAY_GAUSSIAN = 0, EP_DECAY_LINEAR = 1 };

typedef struct ep_soft_oks_nms_options {
  uint32_t struct_size;
  int32_t decay;            /* EP_DECAY_GAUSSIAN */
  double threshold;         /* 0.9 */
  int64_t max_people;       /* 20 */
  double visible_threshold; /* -infinity */
} ep_soft_oks_nms_options;
EP_API void ep_soft_oks_nms_options_init(ep_soft_oks_nms_options* options, size_t struct_size);

/* Takes the best person again and again; each lowers the scores of those that resemble it.
 *   people      in   reads all; without joint_score every joint counts
 *   options     in   or NULL
 *   score       out  [N] as it was when the person was taken
 *   kept        out  [N] indices in the order taken
 *   kept_count  out  how many */
EP_API ep_status ep_soft_oks_nms(const ep_people* people, const ep_soft_oks_nms_options* options,
                                 double* score, int64_t* kept, int64_t* kept_count,
                                 ep_error* error);

typedef struct ep_nearby_joints_options {
  uint32_t struct_size;
  double distance;    /* 0.05: share of the diagonal of a person */
  int64_t max_nearby; /* 0: joints that may be closer than that; mmpose uses K / 2 */
  int64_t max_people; /* INT64_MAX */
} ep_nearby_joints_options;
EP_API void ep_nearby_joints_options_init(ep_nearby_joints_options* options, size_t struct_size);

/* Suppression by the number of joints that lie close together.
 *   people      in   reads xy and score
 *   options     in   or NULL
 *   done        out  [N] working memory
 *   kept        out  [N] indices
 *   kept_count  out  how many */
EP_API ep_status ep_nearby_joints_nms(const ep_people* people,
                                      const ep_nearby_joints_options* options, uint8_t* done,
                                      int64_t* kept, int64_t* kept_count, ep_error* error);

/* Box score times the mean of the joint scores above a threshold; 0 without such a joint.
 *   people             in   reads joint_score and score (of the boxes)
 *   visible_threshold  in   excluded
 *   out                out  [N] */
EP_API ep_status ep_people_rescore(const ep_people* people, double visible_threshold, double* out,
                                   ep_error* error);

/* ---- Matching and tracking ---------------------------------------------------------------- */

/* Bytes of working memory for ep_assign_run; 0 for sizes that it refuses. */
EP_API size_t ep_assign_workspace_size(int32_t rows, int32_t columns);

/* Pairs rows with columns: as many pairs as there can be, at the least total cost.
 *   cost            in   [rows, columns]; NaN, infinite or above 1e150 forbids a pair
 *   workspace       in   working memory
 *   workspace_size  in   bytes
 *   column_of_row   out  [rows], -1 for a row without partner
 *   count           out  pairs */
EP_API ep_status ep_assign_run(const double* cost, int32_t rows, int32_t columns, void* workspace,
                               size_t workspace_size, int32_t* column_of_row, int32_t* count,
                               ep_error* error);

/* Intersection over union of every a with every b.
 *   a        in   [N, 4]
 *   a_count  in   N
 *   b        in   [M, 4]
 *   b_count  in   M
 *   out      out  [N, M], 0..1 */
EP_API ep_status ep_iou_matrix(const double* a, int64_t a_count, const double* b, int64_t b_count,
                               double* out, ep_error* error);

/* Bytes of working memory for ep_match_similar; 0 for sizes that it refuses. */
EP_API size_t ep_match_workspace_size(int32_t rows, int32_t columns);

/* Pairs rows with columns at the greatest total similarity.
 *   similarity      in   [rows, columns]
 *   gate            in   least similarity of a pair
 *   workspace       in   working memory
 *   workspace_size  in   bytes
 *   column_of_row   out  [rows], -1 for a row without partner
 *   count           out  pairs */
EP_API ep_status ep_match_similar(const double* similarity, int32_t rows, int32_t columns,
                                  double gate, void* workspace, size_t workspace_size,
                                  int32_t* column_of_row, int32_t* count, ep_error* error);

typedef struct ep_one_euro_options {
  uint32_t struct_size;
  double min_cutoff_hz;        /* 0.05: of a keypoint at rest; lower is calmer */
  double beta;                 /* 80: cutoff per speed (sizes per second); higher lags less */
  double derivative_cutoff_hz; /* 1: of the speed */
} ep_one_euro_options;
EP_API void ep_one_euro_options_init(ep_one_euro_options* options, size_t struct_size);

/* What the filter knows of one keypoint. This struct never grows. */
typedef struct ep_one_euro_state {
  double seconds;
  double raw[2];
  double smooth[2];
  double speed[2];
} ep_one_euro_state;

/* Forgets all samples.
 *   states     out  [keypoints] */
EP_API ep_status ep_one_euro_reset(ep_one_euro_state* states, int64_t keypoints, ep_error* error);

/* Smooths one sample of all keypoints of a person over time (Casiez et al. 2012).
 *   options      in      or NULL
 *   seconds      in      time of the sample
 *   object_size  in      a side of the person's box, in the unit of xy
 *   xy           in      [keypoints, 2], NaN for what is missing
 *   states       in/out  [keypoints]
 *   out          out     [keypoints, 2], may be xy */
EP_API ep_status ep_one_euro_apply(const ep_one_euro_options* options, double seconds,
                                   double object_size, const double* xy, int64_t keypoints,
                                   ep_one_euro_state* states, double* out, ep_error* error);

/* Samples of many people, each with a time and a size of its own. */
typedef struct ep_one_euro_samples {
  uint32_t struct_size;
  int64_t people, keypoints; /* N, K */
  const double* seconds;     /* [N] */
  const double* object_size; /* [N] a side of the person's box, in the unit of xy */
  const double* xy;          /* [N, K, 2], NaN for what is missing */
  const int64_t* slot;       /* [N] each person's row of the states, or NULL: 0, 1, ... */
} ep_one_euro_samples;
EP_API void ep_one_euro_samples_init(ep_one_euro_samples* samples, size_t struct_size);

/* The same for many people in one call.
 *   options     in      or NULL
 *   samples     in
 *   states      in/out  [slot_count, K], of which the rows in slot change
 *   slot_count  in      EP_BAD_INDEX where a slot is not below it; nothing has changed then
 *   out         out     [N, K, 2], may be the xy of the samples */
EP_API ep_status ep_one_euro_apply_people(const ep_one_euro_options* options,
                                          const ep_one_euro_samples* samples,
                                          ep_one_euro_state* states, int64_t slot_count,
                                          double* out, ep_error* error);

typedef struct ep_roi_options {
  uint32_t struct_size;
  int32_t min_keypoints; /* 4: people with fewer visible keypoints get no box */
  double min_score;      /* 0.3: least score of a visible keypoint */
  double padding;        /* 0.25: added on every side, as a share of the longer side */
} ep_roi_options;
EP_API void ep_roi_options_init(ep_roi_options* options, size_t struct_size);

/* Boxes around the visible keypoints: where to look for people in the next frame.
 *   people   in   reads xy and joint_score
 *   options  in   or NULL
 *   boxes    out  [N, 4], NaN for people without a box
 *   count    out  people with a box */
EP_API ep_status ep_roi_from_people(const ep_people* people, const ep_roi_options* options,
                                    double* boxes, int64_t* count, ep_error* error);

/* ---- Measures ----------------------------------------------------------------------------- */

typedef struct ep_keypoint_pairs {
  uint32_t struct_size;
  int64_t people, joints;
  const double* predicted; /* [N, K, 2] px, NaN for what was not found */
  const double* labelled;  /* [N, K, 2] px */
  const uint8_t* visible;  /* [N, K] not 0 where labelled, or NULL: everywhere */
  const double* norm;      /* [N] px, size of each person, or NULL: 1 */
} ep_keypoint_pairs;
EP_API void ep_keypoint_pairs_init(ep_keypoint_pairs* pairs, size_t struct_size);

/* Keypoints within `threshold` sizes of their label (PCK; PCKh with the head's size as norm).
 *   pairs      in
 *   threshold  in   included
 *   correct    out  [K]
 *   labelled   out  [K] */
EP_API ep_status ep_pck_count(const ep_keypoint_pairs* pairs, double threshold, int64_t* correct,
                              int64_t* labelled, ep_error* error);

/* Area under PCK over the thresholds 0, 1/n, .. (n - 1)/n; NaN without labelled keypoints.
 *   out  out  one value */
EP_API ep_status ep_pck_auc(const ep_keypoint_pairs* pairs, int64_t thresholds, double* out,
                            ep_error* error);

/* Mean distance over the labelled keypoints, in sizes; NaN where one was not found.
 *   out  out  one value */
EP_API ep_status ep_keypoint_error(const ep_keypoint_pairs* pairs, double* out, ep_error* error);

enum {
  EP_ALIGN_NONE = 0,       /* MPJPE */
  EP_ALIGN_SCALE = 1,      /* N-MPJPE */
  EP_ALIGN_PROCRUSTES = 2, /* PA-MPJPE */
  EP_ALIGN_RIGID = 3
};

typedef struct ep_poses3d {
  uint32_t struct_size;
  int64_t people, joints;
  const double* predicted; /* [N, K, 3] */
  const double* labelled;  /* [N, K, 3] */
  const uint8_t* counted;  /* [N, K] joints that the error is over, or NULL: all */
  const uint8_t* fitted;   /* [N, K] joints that the alignment is over, or NULL: all */
} ep_poses3d;
EP_API void ep_poses3d_init(ep_poses3d* poses, size_t struct_size);

/* Mean per-joint position error of poses in space.
 *   poses      in
 *   alignment  in   EP_ALIGN_*
 *   distance   out  [N], in the unit of the poses; NaN without a counted joint
 *   aligned    out  [N, K, 3] predicted poses after alignment, or NULL */
EP_API ep_status ep_mpjpe(const ep_poses3d* poses, int32_t alignment, double* distance,
                          double* aligned, ep_error* error);

/* ---- COCO keypoint evaluation ------------------------------------------------------------- */

/* Labelled people of a data set. */
typedef struct ep_coco_labels {
  uint32_t struct_size;
  int64_t count;           /* N */
  const int64_t* image_id; /* [N] */
  const double* xy;        /* [N, K, 2] px */
  const uint8_t* visible;  /* [N, K] not 0 where labelled */
  const double* box;       /* [N, 4] px */
  const double* area;      /* [N] px^2 */
  const uint8_t* crowd;    /* [N], or NULL: nobody */
  const uint8_t* ignore;   /* [N], or NULL: nobody */
  const int64_t* id;       /* [N], read with zero_id_is_miss only */
} ep_coco_labels;
EP_API void ep_coco_labels_init(ep_coco_labels* labels, size_t struct_size);

/* Predicted people of a data set. */
typedef struct ep_coco_predictions {
  uint32_t struct_size;
  int64_t count;           /* M */
  const int64_t* image_id; /* [M] */
  const double* xy;        /* [M, K, 2] px */
  const double* score;     /* [M] */
  const double* area;      /* [M] px^2, or NULL: extent of the keypoints */
} ep_coco_predictions;
EP_API void ep_coco_predictions_init(ep_coco_predictions* predictions, size_t struct_size);

/* The defaults are COCO's. */
typedef struct ep_coco_protocol {
  uint32_t struct_size;
  int32_t zero_id_is_miss;     /* 0; else a label of id 0 is never found, as in pycocotools */
  int64_t joints;              /* K */
  const double* sigmas;        /* [K] */
  const double* thresholds;    /* [T] least OKS of a match: 0.5, 0.55, .. 0.95 */
  const double* recall_points; /* [R] 0, 0.01, .. 1 */
  const double* area_ranges;   /* [A, 2] px^2: all, medium, large */
  int32_t threshold_count;     /* T, at most 32 */
  int32_t recall_count;        /* R */
  int32_t range_count;         /* A */
  int64_t max_detections;      /* 20: best predictions of an image that count */
} ep_coco_protocol;
EP_API void ep_coco_protocol_init(ep_coco_protocol* protocol, size_t struct_size);

/* Where the answer goes; NaN where nobody counts in a range of areas. */
typedef struct ep_coco_curves {
  uint32_t struct_size;
  double* precision; /* [T, R, A] */
  double* recall;    /* [T, A] */
  double* score;     /* [T, R, A] */
  int64_t* persons;  /* [A] */
} ep_coco_curves;
EP_API void ep_coco_curves_init(ep_coco_curves* curves, size_t struct_size);

/* Bytes of working memory for ep_coco_evaluate; 0 for sizes that it refuses. */
EP_API size_t ep_coco_workspace_size(const ep_coco_labels* labels,
                                     const ep_coco_predictions* predictions, int64_t image_count,
                                     const ep_coco_protocol* protocol);

/* Average precision and recall as pycocotools counts them. Not a per-frame function.
 *   labels, predictions, protocol  in
 *   images          in   [I] ids to evaluate, rising without repeats
 *   image_count     in   I
 *   workspace       in   working memory
 *   workspace_size  in   bytes
 *   curves          out  the arrays that it points to */
EP_API ep_status ep_coco_evaluate(const ep_coco_labels* labels,
                                  const ep_coco_predictions* predictions, const int64_t* images,
                                  int64_t image_count, const ep_coco_protocol* protocol,
                                  void* workspace, size_t workspace_size,
                                  const ep_coco_curves* curves, ep_error* error);

#define EP_COCO_STAT_COUNT 10

/* AP, AP50, AP75, APM, APL, AR, AR50, AR75, ARM, ARL as fractions, NaN where there is none.
 *   curves    in   reads precision and recall
 *   protocol  in
 *   stats     out  [EP_COCO_STAT_COUNT] */
EP_API ep_status ep_coco_stats(const ep_coco_curves* curves, const ep_coco_protocol* protocol,
                               double* stats, ep_error* error);

/* ---- Contracts of models ------------------------------------------------------------------ */

enum { EP_TASK_TOP_DOWN = 0, EP_TASK_BOTTOM_UP = 1, EP_TASK_DETECTOR = 2 };
enum { EP_COLOR_RGB = 0, EP_COLOR_BGR = 1 };
enum { EP_RESIZE_CROP = 0, EP_RESIZE_LETTERBOX = 1, EP_RESIZE_STRETCH = 2 };
enum { EP_SHRINK_BILINEAR = 0, EP_SHRINK_AREA = 1 };
enum {
  EP_CODEC_HEATMAP = 0,
  EP_CODEC_SIMCC = 1,
  EP_CODEC_PAF = 2,
  EP_CODEC_TAGS = 3,
  EP_CODEC_CENTERS = 4,
  EP_CODEC_YOLOX = 5
};

/* What a model's document `edgepose.spec` says (docs/contract.md): all that a program must know of
 * a network besides the network. Texts are UTF-8. What does not belong to the task, the codec or
 * the way of resizing is 0 or NULL. A program refuses a task or codec that it does not know. */
typedef struct ep_contract {
  uint32_t struct_size;
  int32_t task; /* EP_TASK_* */
  const char* name;
  const char* license;
  /* The input and how a picture becomes it. */
  const char* input_name;
  int32_t input_width, input_height; /* px */
  int32_t layout;                    /* EP_LAYOUT_* */
  int32_t element;                   /* EP_ELEMENT_*, of the outputs too */
  int32_t color;                     /* EP_COLOR_* */
  int32_t resize;                    /* EP_RESIZE_* */
  int32_t anchor;                    /* EP_ANCHOR_*, for EP_RESIZE_LETTERBOX */
  int32_t shrink;                    /* EP_SHRINK_* */
  double mean[3], std[3];            /* grey levels, in the order of color */
  double pad_value;                  /* grey level */
  double box_padding;                /* factor, for EP_RESIZE_CROP */
  /* The codec: how the outputs are read; for each field the codecs that have it. */
  int32_t codec;               /* EP_CODEC_* */
  int32_t stride;              /* HEATMAP, PAF, TAGS, CENTERS: input px per cell */
  int32_t warp;                /* HEATMAP, SIMCC, PAF, TAGS: EP_WARP_* */
  int32_t subpixel;            /* HEATMAP, SIMCC: EP_SUBPIXEL_* */
  int32_t blur_kernel;         /* HEATMAP: cells, 0 where the document has none */
  int32_t shift_count;         /* HEATMAP */
  double shifts[4];            /* HEATMAP: cells */
  double beta;                 /* HEATMAP */
  int32_t debias;              /* HEATMAP */
  int32_t score;               /* SIMCC: EP_SIMCC_* */
  int32_t larger;              /* SIMCC: the larger of the axes' scores */
  int32_t axis_blur_kernel[2]; /* SIMCC: bins, 0 where the document has none */
  double split_ratio;          /* SIMCC: bins per input px */
  double axis_beta[2];         /* SIMCC */
  double axis_sigma[2];        /* SIMCC: bins */
  double peak_threshold;       /* PAF, TAGS */
  int32_t max_people;          /* PAF, TAGS */
  int32_t preset;              /* PAF: EP_PAF_OPENPOSE, ... */
  int32_t upscale;             /* PAF */
  int32_t matching;            /* PAF: EP_PAF_GREEDY, EP_PAF_OPTIMAL */
  double sample_threshold;     /* PAF */
  double min_fraction;         /* PAF */
  double min_joint_score;      /* PAF */
  int32_t min_joints;          /* PAF */
  int32_t limb_count;          /* PAF: L */
  const int32_t* limbs;        /* PAF: [L, 4] keypoint, keypoint, channels of x and y */
  const int32_t* redundant;    /* PAF: [redundant_count] limbs */
  const int32_t* uncounted;    /* PAF: [uncounted_count] keypoints */
  int32_t redundant_count, uncounted_count;
  double tag_threshold;       /* TAGS */
  double person_threshold;    /* TAGS: least score of a person */
  int32_t tag_dimensions;     /* TAGS: channel d * K + k is dimension d of keypoint k */
  int32_t nms_kernel;         /* TAGS: cells, odd */
  int32_t use_detection_val;  /* TAGS */
  int32_t ignore_too_much;    /* TAGS */
  int32_t merge_equal_tags;   /* TAGS */
  int32_t adjust, refine;     /* TAGS */
  const int32_t* joint_order; /* TAGS: [K] */
  double score_threshold;     /* CENTERS, YOLOX */
  double nms_iou;             /* CENTERS, YOLOX */
  int32_t max_boxes;          /* CENTERS, YOLOX */
  int32_t class_index;        /* YOLOX */
  const int32_t* strides;     /* YOLOX: [stride_count] input px per cell of each level */
  int32_t stride_count;       /* YOLOX */
  /* Names of the outputs. HEATMAP: heatmap. SIMCC: x, y. PAF: heatmap, fields, which may be the
   * same. TAGS: heatmap, tags. CENTERS: heatmap, size, offset. YOLOX: predictions. */
  int32_t output_count;
  int32_t keypoint_count; /* K, 0 for detectors */
  const char* const* outputs;
  const char* const* keypoint_names; /* [K] */
  const int32_t* edges;              /* [edge_count, 2] limbs, indices of keypoints */
  const int32_t* flip_pairs;         /* [flip_pair_count, 2] indices of keypoints */
  const double* sigmas;              /* [K] OKS constants, NULL where the document has none */
  int32_t edge_count, flip_pair_count;
  /* Where the model comes from. */
  const char* const* training_data; /* names of the data sets */
  const char* training_description;
  int32_t training_data_count;
} ep_contract;
EP_API void ep_contract_init(ep_contract* contract, size_t struct_size);

/* The document inside an ONNX file; nothing is copied and the network is not read.
 *   model          in   the bytes of the whole file, perhaps mapped
 *   model_size     in   bytes
 *   document       out  within model
 *   document_size  out  bytes; no zero byte follows them
 * EP_NO_CONTRACT where there is none, EP_BAD_MODEL where this is no ONNX model. */
EP_API ep_status ep_contract_find(const void* model, size_t model_size, const char** document,
                                  size_t* document_size, ep_error* error);

/* Bytes of memory for ep_contract_read; 0 for a document that is too long for it. */
EP_API size_t ep_contract_memory_size(size_t document_size);

/* Reads a document, in JSON. With EP_BAD_CONTRACT the error names the field.
 *   document       in   UTF-8; may go afterwards
 *   document_size  in   bytes, without a final zero
 *   memory         out  what the contract points to; must stay for as long as it is used
 *   memory_size    in   bytes
 *   contract       out  initialised before */
EP_API ep_status ep_contract_read(const void* document, size_t document_size, void* memory,
                                  size_t memory_size, ep_contract* contract, ep_error* error);

/* Set what a contract says of a struct that was initialised before; the rest stays. They are for
 * contracts that say it: the box crop for EP_RESIZE_CROP, the grid for codecs with a stride, the
 * options and the layout (all but class_count) for their codec. The crop options suit a picture
 * whose channels are told as red, green, blue. Layout and tag options point to lists of the
 * contract. The PAF options become those of the preset first. Decoders of heatmaps and vectors
 * become bounded: no place of an unsure map lies far outside of the picture. The grid takes what
 * ep_paf_group and ep_tags_group give with options set by the same contract, the people of the
 * latter by falling score.
 *   limbs      out  [limb_count] where the skeleton's limbs go
 *   uncounted  out  [keypoint_count] where its marks go */
EP_API void ep_box_crop_set_contract(ep_box_crop* crop, const ep_contract* contract);
EP_API void ep_crop_options_set_contract(ep_crop_options* options, const ep_contract* contract);
EP_API void ep_tensor_set_contract(ep_tensor* tensor, const ep_contract* contract, void* data);
EP_API void ep_decode_options_set_contract(ep_decode_options* options, const ep_contract* contract);
EP_API void ep_cell_grid_set_contract(ep_cell_grid* grid, const ep_contract* contract);
EP_API void ep_simcc_options_set_contract(ep_simcc_options* options, const ep_contract* contract);
EP_API void ep_paf_options_set_contract(ep_paf_options* options, const ep_contract* contract);
EP_API void ep_paf_skeleton_set_contract(ep_paf_skeleton* skeleton, const ep_contract* contract,
                                         ep_paf_limb* limbs, uint8_t* uncounted);
EP_API void ep_tag_options_set_contract(ep_tag_options* options, const ep_contract* contract);
EP_API void ep_yolox_layout_set_contract(ep_yolox_layout* layout, const ep_contract* contract);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* EDGEPOSE_H_ */
