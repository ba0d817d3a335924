// SPDX-License-Identifier: Apache-2.0
// EDGEPOSE_MULTIVERSION before a function: compiled for plain x86-64, AVX2 and AVX-512, chosen once
// when the library is loaded. Elsewhere (arm64, other compilers, sanitizers) it means nothing.
// EDGEPOSE_INLINE marks the helpers that must be compiled into each version.
#pragma once

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    __GNUC__ >= 12 && !defined(EDGEPOSE_NO_MULTIVERSION)
#define EDGEPOSE_MULTIVERSION \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EDGEPOSE_MULTIVERSION
#endif

#define EDGEPOSE_INLINE __attribute__((always_inline)) inline
