#!/bin/sh
# Brings Temporal's two databases to the schema of the server's version; does nothing when they have it.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_password)
export SQL_PASSWORD SQL_PLUGIN=postgres12 SQL_HOST=db SQL_PORT=5432 SQL_USER=temporal
for pair in temporal:temporal temporal_visibility:visibility; do
    export SQL_DATABASE="${pair%%:*}"
    temporal-sql-tool setup-schema -v 0.0 || true # the tables of versions are there already
    temporal-sql-tool update-schema -d "/etc/temporal/schema/postgresql/v12/${pair##*:}/versioned"
done
