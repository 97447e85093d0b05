# What Armarium needs from Debian 12, in two groups. Sourced by the scripts; nothing else installs packages.

BUILD_PACKAGES=(
  ca-certificates g++ cmake ninja-build ccache pkg-config python3
  libboost1.81-dev libboost-json1.81-dev libexpected-dev libfmt-dev libspdlog-dev
  libtomlplusplus-dev libcli11-dev prometheus-cpp-dev libsqlite3-dev libpq-dev libsodium-dev libxxhash-dev libcurl4-openssl-dev libssl-dev libbrotli-dev libnghttp2-dev
  zlib1g-dev libdeflate-dev libyaml-cpp-dev libutf8proc-dev libgumbo-dev libpugixml-dev libkainjow-mustache-dev
  libjpeg-dev libtiff-dev libopenjp2-7-dev libpng-dev libwebp-dev libgif-dev liblcms2-dev libexif-dev
  libheif-dev libjxl-dev libvips-dev libpoppler-glib-dev libcairo2-dev libseccomp-dev libgtest-dev libgmock-dev
)

TEST_PACKAGES=(
  git clang clang-tidy clang-format libclang-rt-14-dev llvm lld libbenchmark-dev python3-venv chromium
  g++-aarch64-linux-gnu qemu-user-static libmagic1 openssl nginx-light apache2 libvips-tools libopenjp2-tools openjph-tools libtiff-tools webp wrk nghttp2-client poppler-utils sqlite3 postgresql-15 curl
)
