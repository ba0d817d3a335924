/* SPDX-License-Identifier: Apache-2.0
 * Checks of the C tests. A failed one is reported and counted, and the program goes on. */
#ifndef EDGEPOSE_TESTS_CAPI_CHECK_H_
#define EDGEPOSE_TESTS_CAPI_CHECK_H_

#include <edgepose.h>

void check_true(int holds, const char* text, const char* file, int line);
/* Bit by bit, also -0 and 0 and the kinds of NaN apart. */
int same_bytes(const void* a, const void* b, size_t size);
void check_close(double got, double wanted, double tolerance, const char* file, int line);
/* Also that `error` tells the same, with a message if and only if the call failed, and notes that
 * this status was seen. Wipes `error` for the next call. */
void check_status(ep_status got, ep_status wanted, ep_error* error, const char* file, int line);

#define CHECK(condition) check_true(!!(condition), #condition, __FILE__, __LINE__)
#define CHECK_CLOSE(got, wanted) check_close(got, wanted, 1e-6, __FILE__, __LINE__)
#define CHECK_STATUS(wanted, call) check_status(call, wanted, &error, __FILE__, __LINE__)

extern ep_error error;

/* One for each topic, in a file of its own. */
void test_status(void);
void test_structs(void);
void test_geometry(void);
void test_crop(void);
void test_heatmap(void);
void test_detect(void);
void test_people(void);
void test_measure(void);
void test_coco(void);
void test_contract(void);
void test_paf(void);
void test_simcc(void);
void test_tags(void);
void test_track(void);

#endif /* EDGEPOSE_TESTS_CAPI_CHECK_H_ */
