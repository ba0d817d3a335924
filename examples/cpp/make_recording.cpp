// SPDX-License-Identifier: Apache-2.0
// make_recording FOLDER: a picture and the recorded outputs of two made-up networks that find two
// people in it, for trying find_people without an inference runtime.
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr const char* kDetector = R"({"edgepose_spec": 1, "name": "made-up-boxes",
 "task": "detector",
 "input": {"name": "image", "width": 32, "height": 32, "layout": "NCHW", "dtype": "float32",
           "color": "rgb", "mean": [0, 0, 0], "std": [1, 1, 1], "resize": "letterbox",
           "anchor": "center", "pad_value": 114},
 "codec": {"type": "centers", "stride": 4, "score_threshold": 0.3, "nms_iou": 0.6,
           "max_boxes": 10},
 "outputs": {"heatmap": "heat", "size": "size", "offset": "offset"},
 "training": {"data": [], "description": "Made up."}, "license": "Apache-2.0"})";

constexpr const char* kPose = R"({"edgepose_spec": 1, "name": "made-up-pose", "task": "top_down",
 "input": {"name": "image", "width": 24, "height": 32, "layout": "NCHW", "dtype": "float32",
           "color": "bgr", "mean": [1, 2, 3], "std": [4, 5, 6], "resize": "crop",
           "box_padding": 1.25, "pad_value": 0},
 "codec": {"type": "heatmap", "stride": 2, "warp": "half_pixel", "subpixel": "dark",
           "blur_kernel": 1},
 "outputs": {"heatmap": "maps"},
 "keypoints": {"names": ["head", "hand"], "edges": [[0, 1]], "flip_pairs": [],
               "sigmas": [0.05, 0.05]},
 "training": {"data": [], "description": "Made up."}, "license": "Apache-2.0"})";

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

void write_npy(const std::filesystem::path& path, int channels, int height, int width,
               const std::vector<float>& data) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, " +
                       std::to_string(channels) + ", " + std::to_string(height) + ", " +
                       std::to_string(width) + "), }";
  header.resize(118 - 1, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00\x76\x00", 10);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(data.data()), data.size() * sizeof(float));
  write(path, bytes);
}

std::vector<float> bumps(const std::vector<double>& xy, int height, int width) {
  std::vector<float> cells;
  for (std::size_t k = 0; k < xy.size(); k += 2) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double dx = x - xy[k];
        const double dy = y - xy[k + 1];
        cells.push_back(static_cast<float>(0.8 * std::exp(-(dx * dx + dy * dy) / 8)));
      }
    }
  }
  return cells;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path out(argv[1]);
  write(out / "picture.ppm",
        "P6\n# grey\n64 64\n255\n" + std::string(std::size_t{64} * 64 * 3, '\x80'));

  // Two boxes of 12x16 input px: at cells (2, 3) and (5, 4) of an 8x8 map.
  std::vector<float> heat(64), size(128), offset(128);
  heat[3 * 8 + 2] = 0.9F;
  heat[4 * 8 + 5] = 0.6F;
  for (std::size_t i = 0; i < 64; ++i) {
    size[i] = 12;
    size[64 + i] = 16;
  }
  write(out / "detector/spec.json", kDetector);
  write_npy(out / "detector/0/heat.npy", 1, 8, 8, heat);
  write_npy(out / "detector/0/size.npy", 2, 8, 8, size);
  write_npy(out / "detector/0/offset.npy", 2, 8, 8, offset);

  write(out / "pose/spec.json", kPose);
  write_npy(out / "pose/0/maps.npy", 2, 16, 12, bumps({5.5, 3.5, 8.25, 9.5}, 16, 12));
  write_npy(out / "pose/1/maps.npy", 2, 16, 12, bumps({5.5, 4.5, 3.75, 8.5}, 16, 12));
  return 0;
}
