#!/bin/sh
# Runs once, when the database's volume is new: makes the three roles and the database.
# Again on a database that has them, it changes nothing but passwords.
#
#   bonafide      owns the tables: migrations and parts
#   bonafide_app  serves; row-level security binds it
#   bonafide_ops  nobody's login: what the others become for work across organizations
set -eu

# Through the input and not as an argument, which any process could read.
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\set password `cat "${BONAFIDE_PASSWORD_FILE:-/run/secrets/db_password}"`
\set app_password `cat "${BONAFIDE_APP_PASSWORD_FILE:-/run/secrets/db_app_password}"`
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['bonafide', 'bonafide_app', 'bonafide_ops']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
-- Policies are forced on owners, and checking a new foreign key reads as the owner: it
-- would find nothing. Nobody serves as this role; the application refuses to.
ALTER ROLE bonafide LOGIN NOSUPERUSER BYPASSRLS PASSWORD :'password';
-- What it may become it is only where it says so.
ALTER ROLE bonafide_app LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT PASSWORD :'app_password';
ALTER ROLE bonafide_ops NOLOGIN NOSUPERUSER BYPASSRLS;
GRANT bonafide_ops TO bonafide, bonafide_app;
SELECT 'CREATE DATABASE bonafide OWNER bonafide ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'bonafide') \gexec
REVOKE CONNECT ON DATABASE bonafide FROM PUBLIC;
GRANT CONNECT ON DATABASE bonafide TO bonafide_app;
SQL
