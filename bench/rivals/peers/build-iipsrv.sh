#!/usr/bin/env bash
# Builds iipsrv's HEAD outside the tree and puts it at WORK/bin/iipsrv.fcgi.
#   bench/rivals/peers/build-iipsrv.sh SOURCE WORK
# SOURCE is a clone of github.com/ruven/iipsrv, with or without a work tree. Needs: autoconf automake libtool pkg-config libfcgi-dev
# libtiff-dev libjpeg-dev libopenjp2-7-dev libpng-dev libwebp-dev.
set -euo pipefail
source=${1:?usage: build-iipsrv.sh SOURCE WORK}
work=${2:?usage: build-iipsrv.sh SOURCE WORK}
mkdir -p "$work/bin"
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
git -C "$source" archive HEAD | tar -x -C "$build"
cd "$build"
./autogen.sh >log.txt 2>&1
CXXFLAGS="-O3 -march=native -DNDEBUG" ./configure >>log.txt 2>&1
make -j2 >>log.txt 2>&1 || { tail -n 20 log.txt >&2; exit 1; }
cp src/iipsrv.fcgi "$work/bin/iipsrv.fcgi"
git -C "$source" log -1 --format='%h %cs' >"$work/bin/iipsrv.version"
echo "built $work/bin/iipsrv.fcgi, $(cat "$work/bin/iipsrv.version")"
