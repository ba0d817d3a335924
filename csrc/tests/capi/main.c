/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

enum { MAX_STATUS = 100 };

ep_error error;
static int failures = 0;
static int checks = 0;
static int seen[MAX_STATUS];

void check_true(int holds, const char* text, const char* file, int line) {
  ++checks;
  if (holds) return;
  ++failures;
  fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
}

int same_bytes(const void* a, const void* b, size_t size) { return memcmp(a, b, size) == 0; }

void check_close(double got, double wanted, double tolerance, const char* file, int line) {
  char text[128];
  snprintf(text, sizeof text, "got %.17g, wanted %.17g", got, wanted);
  check_true(fabs(got - wanted) <= tolerance || (isnan(got) && isnan(wanted)), text, file, line);
}

void check_status(ep_status got, ep_status wanted, ep_error* told, const char* file, int line) {
  char text[EP_MESSAGE_SIZE + 128];
  snprintf(text, sizeof text, "got %s (%s), wanted %s", ep_status_name(got), told->message,
           ep_status_name(wanted));
  check_true(got == wanted, text, file, line);
  check_true(told->status == got, "error.status is what the call gave", file, line);
  check_true((told->message[0] == '\0') == (got == EP_OK), "a message if it failed", file, line);
  check_true(got == EP_OK || strncmp(told->message, "ep_", 3) == 0, "names the function", file,
             line);
  if (got >= 0 && got < MAX_STATUS) seen[got] = 1;
  memset(told, 'x', sizeof *told);
}

static void test_every_status_was_seen(void) {
  int status;
  for (status = 0; strcmp(ep_status_name(status), "EP_UNKNOWN") != 0; ++status) {
    check_true(status < MAX_STATUS && seen[status], ep_status_name(status), __FILE__, __LINE__);
  }
}

int main(void) {
  test_status();
  test_structs();
  test_geometry();
  test_crop();
  test_heatmap();
  test_detect();
  test_people();
  test_measure();
  test_coco();
  test_contract();
  test_paf();
  test_simcc();
  test_tags();
  test_track();
  test_every_status_was_seen();
  printf("%d checks, %d failed\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
