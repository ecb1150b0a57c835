#!/bin/sh
# Runs once, in an empty database folder: a role and its databases for us and for Temporal.
set -eu
secret() { cat "/run/secrets/$1"; }
psql --set ON_ERROR_STOP=1 --username postgres --quiet \
    --set mentoring="$(secret database_password)" --set temporal="$(secret temporal_password)" <<'SQL'
CREATE ROLE mentoring LOGIN PASSWORD :'mentoring';
CREATE DATABASE mentoring OWNER mentoring;
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
# The base copies come over the network, as `backup`, which may read everything and change nothing.
psql --set ON_ERROR_STOP=1 --username postgres --quiet --set backup="$(secret backup_password)" <<'SQL'
CREATE ROLE backup LOGIN REPLICATION PASSWORD :'backup';
SQL
echo "host replication backup all scram-sha-256" >>"$PGDATA/pg_hba.conf"
