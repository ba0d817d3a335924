/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <string.h>

#include "check.h"

static void every_status_has_a_name_and_a_message_of_its_own(void) {
  int a, b;
  CHECK(strcmp(ep_status_name(EP_OK), "EP_OK") == 0);
  CHECK(strcmp(ep_status_name(EP_BAD_SIZE), "EP_BAD_SIZE") == 0);
  for (a = 0; strcmp(ep_status_name(a), "EP_UNKNOWN") != 0; ++a) {
    CHECK(strcmp(ep_status_message(a), "unknown status") != 0);
    for (b = 0; b < a; ++b) {
      CHECK(strcmp(ep_status_name(a), ep_status_name(b)) != 0);
      CHECK(strcmp(ep_status_message(a), ep_status_message(b)) != 0);
    }
  }
  CHECK(a == EP_BAD_CONTRACT + 1);
}

static void what_is_no_status_is_unknown(void) {
  CHECK(strcmp(ep_status_name(-1), "EP_UNKNOWN") == 0);
  CHECK(strcmp(ep_status_message(INT_MAX), "unknown status") == 0);
}

static void the_library_has_the_version_of_its_header(void) {
  CHECK(ep_version_number() ==
        EP_VERSION_MAJOR * 10000 + EP_VERSION_MINOR * 100 + EP_VERSION_PATCH);
  CHECK(strlen(ep_version_string()) >= 5);
}

static void a_message_names_the_function_and_the_reason(void) {
  double matrix[6];
  CHECK(ep_matrix_stretch(0, 1, 1, 1, matrix, &error) == EP_BAD_SIZE);
  CHECK(strcmp(error.message,
               "ep_matrix_stretch: a count, width or height is outside the allowed range") == 0);
  CHECK(ep_matrix_letterbox(1, 1, 1, 1, 7, matrix, &error) == EP_BAD_CHOICE);
  CHECK(strcmp(error.message, "ep_matrix_letterbox: anchor got 7; the constants end at 1") == 0);
  CHECK(ep_matrix_stretch(1, 1, 1, 1, matrix, &error) == EP_OK);
  CHECK(error.status == EP_OK && error.message[0] == '\0');
}

static void nobody_has_to_listen(void) {
  CHECK(ep_matrix_stretch(0, 1, 1, 1, NULL, NULL) == EP_BAD_SIZE);
  CHECK(ep_matrix_letterbox(1, 1, 1, 1, -1, NULL, NULL) == EP_BAD_CHOICE);
}

void test_status(void) {
  every_status_has_a_name_and_a_message_of_its_own();
  what_is_no_status_is_unknown();
  the_library_has_the_version_of_its_header();
  a_message_names_the_function_and_the_reason();
  nobody_has_to_listen();
}
