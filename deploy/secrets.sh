#!/bin/sh
# Makes what compose.yaml takes from the folder secrets: an authority, a certificate with its key for each host, and a
# password for the database. Whatever is there already stays.
set -eu
umask 077
mkdir -p "${1:-secrets}"
cd "${1:-secrets}"
if [ ! -e authority.pem ]; then
    openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj /CN=amoe -keyout authority.key -out authority.pem
fi
for host in amoe host1 host2 host3; do
    [ ! -e "$host.pem" ] || continue
    openssl req -newkey rsa:3072 -nodes -subj "/CN=$host" -keyout "$host.key" -out "$host.csr"
    printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\n' "$host" > "$host.ext"
    openssl x509 -req -in "$host.csr" -CA authority.pem -CAkey authority.key -days 365 -extfile "$host.ext" \
        -out "$host.crt"
    cat "$host.crt" "$host.key" > "$host.pem"
    rm "$host.csr" "$host.ext" "$host.crt" "$host.key"
done
[ -e password ] || openssl rand -hex 24 | tr -d '\n' > password
[ -e pgpass ] || printf 'postgres:5432:amoe:amoe:%s\n' "$(cat password)" > pgpass
