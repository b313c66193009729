#!/usr/bin/env bash
# Makes a CA for Redis and a certificate for the host name `redis`, beside this script, where they are missing. The key of the CA is
# kept nowhere: for another certificate make another CA, and restart Redis; the others read the CA again by themselves.
set -euo pipefail
cd "$(dirname "$0")"
[[ ! -e redis.key ]] || { echo "redis.key is there; delete ca.crt, redis.crt and redis.key for others"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc)
openssl req -x509 "${curve[@]}" -days 825 -subj '/O=pushfleet/CN=CA of Redis' -keyout "$work/ca.key" -out ca.crt 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
openssl req "${curve[@]}" -subj /CN=redis -keyout "$work/redis.key" -out "$work/redis.csr" 2>"$work/log"
printf 'subjectAltName=DNS:redis\nextendedKeyUsage=serverAuth\n' >"$work/extensions"
openssl x509 -req -in "$work/redis.csr" -CA ca.crt -CAkey "$work/ca.key" -days 825 -extfile "$work/extensions" -out redis.crt 2>"$work/log"
# Redis runs as user 1000 in its container.
install -m 0600 "$work/redis.key" redis.key
[[ $(id -u) != 0 ]] || chown 1000:1000 redis.key
echo "Made ca.crt, redis.crt and redis.key in $PWD. User 1000 must be able to read redis.key, and nobody else."
