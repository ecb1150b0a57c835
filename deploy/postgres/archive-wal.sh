#!/bin/sh
# PostgreSQL's archive_command: archive-wal.sh %p %f. Whole or not at all, and never over another segment.
set -eu
archive=${ARCHIVE:-/archive}/wal
mkdir -p "$archive"
if [ -f "$archive/$2" ]; then
    cmp -s "$1" "$archive/$2" # archived before a crash: the same is fine, another one is an error
    exit
fi
cp "$1" "$archive/.$2"
sync "$archive/.$2"
mv "$archive/.$2" "$archive/$2"
