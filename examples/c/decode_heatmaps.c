/* SPDX-License-Identifier: Apache-2.0
 * Heatmaps to keypoints in a dozen lines of C. A real program gets the maps from a network; here
 * they are Gaussians around known places, so that the outcome can be seen to be right. */
#include <edgepose.h>
#include <math.h>
#include <stdio.h>

enum { JOINTS = 3, HEIGHT = 64, WIDTH = 48 };

static const char* const names[JOINTS] = {"nose", "left_wrist", "right_wrist"};
static const double truth[JOINTS][2] = {{20.30, 11.75}, {5.10, 40.40}, {41.62, 38.95}};

static void network(float* maps) {
  int k, x, y;
  for (k = 0; k < JOINTS; ++k) {
    for (y = 0; y < HEIGHT; ++y) {
      for (x = 0; x < WIDTH; ++x) {
        const double dx = x - truth[k][0], dy = y - truth[k][1];
        maps[(k * HEIGHT + y) * WIDTH + x] = (float)exp(-(dx * dx + dy * dy) / 8.0);
      }
    }
  }
}

int main(void) {
  static float heat[JOINTS * HEIGHT * WIDTH];
  float cell[JOINTS * 2], score[JOINTS];
  double xy[JOINTS * 2];
  ep_error error;
  ep_heatmaps maps;
  ep_decode_options options;
  ep_cell_grid grid;
  size_t k;

  network(heat);

  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, heat, 1, JOINTS, HEIGHT, WIDTH);
  ep_decode_options_init(&options, sizeof options);
  options.subpixel = EP_SUBPIXEL_DARK;
  ep_cell_grid_init(&grid, sizeof grid);
  grid.stride = 4;
  grid.input_width = WIDTH * 4;
  grid.input_height = HEIGHT * 4;
  grid.map_width = WIDTH;
  grid.map_height = HEIGHT;

  if (ep_heatmap_decode(&maps, &options, cell, score, &error) != EP_OK ||
      ep_cells_to_input(cell, JOINTS, &grid, xy, &error) != EP_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  for (k = 0; k < JOINTS; ++k) {
    printf("%-12s cell (%.2f, %.2f)  input (%.1f, %.1f) px  score %.2f\n", names[k], cell[2 * k],
           cell[2 * k + 1], xy[2 * k], xy[2 * k + 1], score[k]);
  }
  return 0;
}
