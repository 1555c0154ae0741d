#!/bin/bash
# Certificates as ovs-pki makes them (a name of their own, no address), on elliptic curves because those take no time.
# Good ones for h1 h2 h3 and client, one client that has expired, and one of a foreign authority.
set -euo pipefail
. "$(dirname "$0")/env.sh"
[ -s "$PKI/done" ] && exit 0
rm -rf "$PKI" && mkdir -p "$PKI" && cd "$PKI"

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1-key.pem" 2>/dev/null; }
authority() { # name
  key "$1"
  openssl req -new -x509 -key "$1-key.pem" -out "$1-cert.pem" -days 3650 -subj "/O=rackwatch lab/CN=$1" 2>/dev/null
  : > "$1-index.txt"
}
sign() { # name authority start end
  key "$1"
  openssl req -new -key "$1-key.pem" -out "$1.csr" -subj "/O=rackwatch lab/CN=$1" 2>/dev/null
  printf 'subjectAltName=DNS:%s\n' "$1" > "$1.ext"
  cat > "$2.cnf" <<CNF
[ca]
default_ca=lab
[lab]
dir=$PKI
database=$PKI/$2-index.txt
new_certs_dir=$PKI
rand_serial=yes
default_md=sha256
policy=any
[any]
organizationName=optional
commonName=supplied
CNF
  openssl ca -batch -notext -config "$2.cnf" -cert "$2-cert.pem" -keyfile "$2-key.pem" -startdate "$3" -enddate "$4" \
    -extfile "$1.ext" -in "$1.csr" -out "$1-cert.pem" 2>/dev/null
}
authority switchca
authority foreignca
for name in h1 h2 h3 client; do sign "$name" switchca 20200101000000Z 20400101000000Z; done
sign expired switchca 20200101000000Z 20210101000000Z
sign foreign foreignca 20200101000000Z 20400101000000Z
touch done
