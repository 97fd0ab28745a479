#!/bin/sh
# Runs once, when the database's volume is new: makes the application's role and its
# database. The role is no superuser, since row-level security does not bind those.
set -eu

# Through the input and not as an argument, which any process could read.
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\set password `cat "${BONAFIDE_PASSWORD_FILE:-/run/secrets/db_password}"`
CREATE ROLE bonafide LOGIN PASSWORD :'password';
CREATE DATABASE bonafide OWNER bonafide ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE bonafide FROM PUBLIC;
SQL
