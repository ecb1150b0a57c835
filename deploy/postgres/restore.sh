#!/bin/sh
# restore.sh DATA [MOMENT]: an empty data folder becomes the server as of a moment ("2026-11-02 12:00:00+07"; without
# it as of the last archived WAL). Starts nothing: PostgreSQL replays the WAL at its next start and then takes over.
# shellcheck disable=SC2012 # the names are moments that we wrote ourselves
set -eu
archive=${ARCHIVE:-/archive}
data=$1
moment=${2:-}
if [ -n "$(ls -A "$data" 2>/dev/null)" ]; then
    echo "$data is not empty: move it aside, nothing is overwritten." >&2
    exit 1
fi
before=9999
if [ -n "$moment" ]; then before=$(date -u -d "$moment" +%Y-%m-%dT%H-%M-%S.%6NZ); fi
# A base copy is named after its beginning; one that was still being made at that moment cannot reach it, the one before can.
base=$(ls "$archive/base" | sort -r | while read -r name; do
    if [ "$(expr "$name" \< "$before")" = 1 ]; then echo "$name"; break; fi
done)
if [ -z "$base" ]; then
    echo "No base copy in $archive/base was made before $moment." >&2
    exit 1
fi
mkdir -p "$data"
cp -a "$archive/base/$base/." "$data"
chmod 700 "$data"
{
    echo "restore_command = 'cp \"$archive/wal/%f\" \"%p\"'"
    echo "recovery_target_action = 'promote'"
    if [ -n "$moment" ]; then echo "recovery_target_time = '$moment'"; fi
} >>"$data/postgresql.auto.conf"
touch "$data/recovery.signal"
echo "$base"
