#!/bin/sh
# Makes the secrets that compose.yaml hands to its services, once: what is there already stays.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
put() { [ -f "secrets/$1" ] || printf %s "$2" >"secrets/$1"; }
for name in postgres_password database_password temporal_password backup_password grafana_password; do
    put "$name" "$(random)"
done
put mentoring_database_url "postgresql://mentoring:$(cat secrets/database_password)@db/mentoring"
put mentoring_files_key mentoring
put mentoring_files_secret "$(random)"
put s3.json "$(cat <<JSON
{"identities": [{"name": "mentoring", "actions": ["Admin"], "credentials":
  [{"accessKey": "$(cat secrets/mentoring_files_key)", "secretKey": "$(cat secrets/mentoring_files_secret)"}]}]}
JSON
)"
put relay_password "" # of the provider's mail server: fill it in
# The containers' users read the files; on this machine the folder keeps everybody else out.
chmod 444 secrets/*
