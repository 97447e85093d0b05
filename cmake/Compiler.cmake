# Warnings, sanitizers, ccache and the precompiled headers that all modules share.

find_program(CCACHE ccache)
if(CCACHE)
  # Paths below the source folder are made relative, so that two checkouts share what they compiled.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

add_library(armarium_options INTERFACE)
target_compile_options(armarium_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  -fno-omit-frame-pointer $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2 -fstack-protector-strong>)
target_compile_definitions(armarium_options INTERFACE
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(armarium_options INTERFACE -fpch-preprocess)
endif()
if(ARMARIUM_SANITIZE)
  target_compile_options(armarium_options INTERFACE -fsanitize=${ARMARIUM_SANITIZE})
  if(ARMARIUM_SANITIZE MATCHES undefined)
    target_compile_options(armarium_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
  if(ARMARIUM_FUZZ)
    target_compile_options(armarium_options INTERFACE -fsanitize=fuzzer-no-link)
  endif()
  target_link_options(armarium_options INTERFACE -fsanitize=${ARMARIUM_SANITIZE})
endif()
