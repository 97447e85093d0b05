#!/usr/bin/env bash
# Makes the benchmark's pictures: one 80-megapixel scan (10000 x 8000) in its encodings, and JPEG 2000 of 10, 84 and 839 megapixels.
#   bench/rivals/images/make-images.sh WORK [PHOTOGRAPHS]
# Each lands as WORK/pictures/NAME/NAME.EXTENSION; what is there already stays. The scan is a mosaic of 25 cells of 2000 x 1600, none enlarged, from the
# photographs, the painting and the manuscripts of examples/collection, or from PHOTOGRAPHS, a folder of one's own. Needs 4 GB and some minutes.
set -euo pipefail
work=${1:?usage: make-images.sh WORK [PHOTOGRAPHS]}
here=$(cd "$(dirname "$0")" && pwd)
photographs=${2:-$here/../../../examples/collection}
mkdir -p "$work"/{pictures,source}
work=$(cd "$work" && pwd)
cd "$work"

CELL_WIDTH=2000 CELL_HEIGHT=1600 ACROSS=5 CELLS=25

for tool in vips vipsheader tiffcp opj_compress ojph_compress python3; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt-get install libvips-tools libtiff-tools libopenjp2-tools openjph-tools python3" >&2; exit 1; }
done

# cells FILE OPERATION…: lays FILE on its side if it stands, turns or mirrors it by OPERATION, and cuts whole cells from its middle into `found`.
cells() {
  local file=$1 width height across down left top x y
  shift
  if [ "$(vipsheader -f height "$file")" -gt "$(vipsheader -f width "$file")" ]; then vips rot "$file" source/lying.v d90; else vips copy "$file" source/lying.v; fi
  vips "$1" source/lying.v source/turned.v "${@:2}"
  width=$(vipsheader -f width source/turned.v) height=$(vipsheader -f height source/turned.v)
  across=$((width / CELL_WIDTH)) down=$((height / CELL_HEIGHT))
  left=$(((width - across * CELL_WIDTH) / 2)) top=$(((height - down * CELL_HEIGHT) / 2))
  for ((y = 0; y < down; y++)); do
    for ((x = 0; x < across; x++)); do
      vips crop source/turned.v source/crop.v $((left + x * CELL_WIDTH)) $((top + y * CELL_HEIGHT)) $CELL_WIDTH $CELL_HEIGHT
      vips colourspace source/crop.v "source/cell${#found[@]}.v" srgb
      found+=("source/cell${#found[@]}.v")
    done
  done
}

# The mosaic: every cell of every picture, then the same mirrored, then turned round, until it is full.
make_master() {
  local found=() file operation i cells=()
  find "$photographs" -type f \( -name '*.jpg' -o -name '*.jpeg' -o -name '*.png' -o -name '*.tif' \) | LC_ALL=C sort >source/photographs.txt
  for operation in copy "flip horizontal" "rot d180"; do
    while read -r file; do
      # shellcheck disable=SC2086 # an operation and its argument
      if [ "$(vipsheader -f bands "$file" 2>/dev/null || echo 0)" = 3 ]; then cells "$file" $operation; fi
    done <source/photographs.txt
  done
  [ ${#found[@]} -ge $CELLS ] || { echo "only ${#found[@]} of $CELLS cells of $CELL_WIDTH x $CELL_HEIGHT in $photographs" >&2; exit 1; }
  # Every seventh meets each of the first 25 once and spreads the cells of one picture.
  for ((i = 0; i < CELLS; i++)); do cells+=("${found[$((i * 7 % CELLS))]}"); done
  vips arrayjoin "${cells[*]}" source/mosaic.v --across $ACROSS
  vips copy source/mosaic.v source/master.tif
  rm -f source/lying.v source/turned.v source/crop.v source/cell*.v source/mosaic.v
}

# picture NAME.EXTENSION COMMAND…: COMMAND makes the file named by $out, once.
picture() {
  local name=${1%%.*} file=$1
  shift
  [ -s "pictures/$name/$file" ] && return
  mkdir -p "pictures/$name"
  out="source/$file"
  echo "making $file"
  "$@" >source/log.txt 2>&1 || { tail -n 5 source/log.txt >&2; exit 1; }
  mv "$out" "pictures/$name/$file"
}

# vips subsamples no chroma from quality 90 on, so the pyramids go through an uncompressed one and tiffcp: YCbCr, 4:2:0, quality 90.
pyramid() {
  local tile=$1 compression=$2
  if [ ! -s "source/plain$tile.tif" ]; then
    vips tiffsave source/master.tif "source/plain$tile.tif" --tile --tile-width "$tile" --tile-height "$tile" --pyramid --compression none --bigtiff
  fi
  tiffcp -c "$compression" "source/plain$tile.tif" "$out"
}

rgb_pyramid() { vips tiffsave source/master.tif "$out" --tile --tile-width 256 --tile-height 256 --pyramid --compression jpeg --Q 90; }
plain_jpeg() { vips jpegsave source/master.tif "$out" --Q 90 --subsample-mode on; }

portable() { [ -s source/master.ppm ] || vips copy source/master.tif source/master.ppm; }
jpeg2000() { portable; opj_compress -i source/master.ppm -o "$out" -n 7 -p RPCL -b 64,64 -threads 2 "$@"; }
high_throughput() {
  portable
  ojph_compress -i source/master.ppm -o "$out" -num_decomps 6 -prog_order RPCL -block_size '{64,64}' -precincts '{256,256}' \
    -reversible false -qstep 0.01 -tile_size '{1024,1024}'
}
precincts="[256,256],[256,256],[256,256],[256,256],[256,256],[256,256],[256,256]"
regrow() { python3 "$here/regrow_jp2.py" pictures/jp2-tiled/jp2-tiled.jp2 "$out" "$1" "$2"; }
regrow_pyramid() { python3 "$here/regrow_tiff.py" pictures/t256/t256.tif "$out" "$1" "$2"; }

if [ ! -s source/master.tif ]; then
  make_master
fi
picture t256.tif pyramid 256 jpeg:90
picture t512.tif pyramid 512 jpeg:90
picture deflate.tif pyramid 256 zip:p2
picture t256rgb.tif rgb_pyramid
picture jpeg.jpg plain_jpeg
picture jp2-tiled.jp2 jpeg2000 -I -t 1024,1024 -r 10
picture jp2-untiled.jp2 jpeg2000 -I -c "$precincts" -r 10
picture jp2-untiled-plt.jp2 jpeg2000 -I -c "$precincts" -r 10 -PLT -TLM
picture jp2-lossless.jp2 jpeg2000 -t 1024,1024
picture htj2k.j2c high_throughput
picture jp2-10mp.jp2 regrow 5 2
picture jp2-84mp.jp2 regrow 10 8
picture jp2-839mp.jp2 regrow 32 25
picture gigapixel.tif regrow_pyramid 40000 30000
rm -f source/master.ppm source/plain*.tif source/log.txt
du -h pictures/*/*
