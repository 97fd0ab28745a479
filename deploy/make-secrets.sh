#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, in deploy/secrets. Those that exist
# are kept: a lost KEY_PEPPER invalidates every API key, and without
# FIELD_KEYS nobody reads what was sealed.
set -eu

folder=$(dirname "$0")/secrets
mkdir -p "$folder"
# Nobody else enters the folder. The files themselves are readable, because containers
# run as users of their own and get them mounted one by one.
chmod 700 "$folder"

random() {
    # 48 bytes, in letters and digits that need no quoting in an address.
    head -c 48 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'
}

keep_or_write() {
    if [ -s "$folder/$1" ]; then
        echo "$1: kept"
        return
    fi
    # Complete or not there at all.
    printf '%s' "$2" >"$folder/.$1"
    chmod 444 "$folder/.$1"
    mv "$folder/.$1" "$folder/$1"
    echo "$1: made"
}

keep_or_write secret_key "$(random)"
keep_or_write key_pepper "$(random)"
keep_or_write field_keys "first:$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
keep_or_write db_superuser_password "$(random)"
keep_or_write db_password "$(random)"
keep_or_write db_app_password "$(random)"
keep_or_write database_url "postgres://bonafide_app:$(cat "$folder/db_app_password")@db:5432/bonafide"
keep_or_write database_owner_url "postgres://bonafide:$(cat "$folder/db_password")@db:5432/bonafide"
keep_or_write metrics_token "$(random)"
keep_or_write redis_url "redis://redis:6379/0"
