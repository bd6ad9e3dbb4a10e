#!/bin/sh
# The first start of compose.yaml's PostgreSQL: a login for FlowChat that may make its roles, and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" -U postgres <<'SQL'
create role flowchat login createrole password :'password';
create database flowchat owner flowchat;
SQL
