# Everything from Debian 12. Each library is linked by the one module that may use it.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
if(ARMARIUM_TESTS)
  find_package(GTest REQUIRED)
endif()

# dependency(NAME pkg-config-module): an imported target PkgConfig::NAME
function(dependency name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
endfunction()
