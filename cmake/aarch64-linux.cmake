# SPDX-License-Identifier: Apache-2.0
# Toolchain: 64-bit ARM Linux (Jetson, Raspberry Pi) with Debian's cross compiler; tests run under
# qemu. QEMU_CPU chooses the processor that qemu stands for (ctest presets arm64, arm64-a76).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

# Debian's cross libc lies here. It is a search root, not a sysroot: the compiler knows its own.
set(edgepose_arm64_root /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH ${edgepose_arm64_root})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

find_program(EDGEPOSE_QEMU NAMES qemu-aarch64-static qemu-aarch64)
if(EDGEPOSE_QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${EDGEPOSE_QEMU} -L ${edgepose_arm64_root})
endif()
