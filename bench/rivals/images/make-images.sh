#!/usr/bin/env bash
# Makes the benchmark's pictures: one 80-megapixel scan (10000 x 8000) in its encodings, and JPEG 2000 of 10, 84 and 839 megapixels.
#   bench/rivals/images/make-images.sh WORK [PHOTOGRAPHS]
# Each lands as WORK/pictures/NAME/NAME.EXTENSION; what is there already stays. The scan is a mosaic of sixteen crops of 2500 x 2000, none
# enlarged: from PHOTOGRAPHS, a folder of one's own, else from Debian's wallpaper packages. Needs about 4 GB and ten minutes.
# For ratios between servers any detailed photographs do; for absolute figures use the default.
set -euo pipefail
work=${1:?usage: make-images.sh WORK [PHOTOGRAPHS]}
photographs=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work"/{pictures,source}
work=$(cd "$work" && pwd)
cd "$work"

WALLPAPERS=(mate-backgrounds gnome-backgrounds plasma-workspace-wallpapers)
ACROSS=4 CROP_WIDTH=2500 CROP_HEIGHT=2000 CROPS=16

for tool in vips vipsheader tiffcp opj_compress ojph_compress python3; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt-get install libvips-tools libtiff-tools libopenjp2-tools openjph-tools python3" >&2; exit 1; }
done

fetch_wallpapers() {
  mkdir -p source/wallpapers
  [ -n "$(find source/wallpapers -name "*.deb")" ] || (cd source/wallpapers && apt-get download "${WALLPAPERS[@]}" 2>/dev/null) ||
    { echo "Debian's wallpaper packages could not be fetched; give a folder of photographs" >&2; exit 1; }
  for package in source/wallpapers/*.deb; do dpkg-deb -x "$package" source/wallpapers/unpacked; done
  photographs=source/wallpapers/unpacked
}

# large_photographs: three bands and more than a crop needs, in the order of their names; one for each picture, whatever its encodings.
large_photographs() {
  local file width height bands
  find "$photographs" -type f \( -name '*.jpg' -o -name '*.jpeg' -o -name '*.png' -o -name '*.webp' \) | LC_ALL=C sort | while read -r file; do
    read -r width height bands < <(echo "$(vipsheader -f width "$file" 2>/dev/null || echo 0)" \
      "$(vipsheader -f height "$file" 2>/dev/null || echo 0)" "$(vipsheader -f bands "$file" 2>/dev/null || echo 0)")
    if [ "$bands" = 3 ] && [ "$width" -ge 3000 ] && [ "$height" -ge 2100 ]; then echo "$file $width $height"; fi
  done
}

make_master() {
  local count=0 round file width height left top crops=()
  large_photographs >source/photographs.txt
  [ -s source/photographs.txt ] || { echo "no photograph of at least 3000 x 2100 with three bands in $photographs" >&2; exit 1; }
  # A second and third round takes other corners of the same photographs.
  for round in 0 1 2 3; do
    while read -r file width height; do
      [ $count -lt $CROPS ] || break
      case $round in
        0) left=$(((width - CROP_WIDTH) / 2)) top=$(((height - CROP_HEIGHT) / 2)) ;;
        1) left=0 top=0 ;;
        2) left=$((width - CROP_WIDTH)) top=$((height - CROP_HEIGHT)) ;;
        3) left=$((width - CROP_WIDTH)) top=0 ;;
      esac
      vips crop "$file" source/crop.v $left $top $CROP_WIDTH $CROP_HEIGHT 2>/dev/null || continue
      vips colourspace source/crop.v "source/part$count.v" srgb
      crops+=("source/part$count.v")
      count=$((count + 1))
    done <source/photographs.txt
  done
  [ $count = $CROPS ] || { echo "only $count of $CROPS crops" >&2; exit 1; }
  vips arrayjoin "${crops[*]}" source/mosaic.v --across $ACROSS
  vips copy source/mosaic.v source/master.tif
  rm -f source/crop.v source/part*.v source/mosaic.v
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
  [ -n "$photographs" ] || fetch_wallpapers
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
