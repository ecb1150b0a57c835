#!/bin/sh
# A base copy of the running server (PGHOST, PGUSER, … say which one); with the WAL behind it any later moment can be
# restored. KEEP base copies stay, with the WAL that the oldest of them needs.
# shellcheck disable=SC2012 # the names are moments that we wrote ourselves
set -eu
archive=${ARCHIVE:-/archive}
keep=${KEEP:-7}
name=$(date -u +%Y-%m-%dT%H-%M-%S.%6NZ)
mkdir -p "$archive/base"
rm -rf "$archive/base/.new"
pg_basebackup --pgdata="$archive/base/.new" --checkpoint=fast --wal-method=stream --no-password
pg_verifybackup --quiet "$archive/base/.new"
mv "$archive/base/.new" "$archive/base/$name"
ls "$archive/base" | sort -r | tail -n +"$((keep + 1))" | while read -r old; do rm -rf "$archive/base/${old:?}"; done
oldest=$(ls "$archive/base" | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$archive/base/$oldest/backup_label")
pg_archivecleanup "$archive/wal" "$first"
echo "$archive/base/$name"
