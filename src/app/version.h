#pragma once
// The version of the program, as CMakeLists.txt has it.

namespace armarium::app {

#ifndef ARMARIUM_VERSION
#define ARMARIUM_VERSION "0.0.0"
#endif
inline constexpr const char* kVersion = ARMARIUM_VERSION;

}  // namespace armarium::app
