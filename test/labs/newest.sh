#!/bin/bash
# Fetches the newest Prometheus, Alertmanager, Compose and OVN that Debian has (in its suite sid) into
# ${TMPDIR:-/tmp}/rackwatch-lab/newest: `bin` has prometheus, promtool, prometheus-alertmanager, amtool and docker-compose,
# `root` all of the packages (of OVN its schemas are of use), `versions` says what they are. The programs are single files that run on any release of Debian. Nothing is installed, and apt's
# own lists and caches stay as they are. Where they are already there, nothing is done: remove the folder to fetch anew.
set -euo pipefail
newest=${TMPDIR:-/tmp}/rackwatch-lab/newest
packages=(prometheus promtool prometheus-alertmanager docker-compose ovn-central)
programs=(
  usr/bin/{prometheus,promtool,prometheus-alertmanager,amtool}
  usr/libexec/docker/cli-plugins/docker-compose
)

if grep -qs ovn-central "$newest/versions"; then
  cat "$newest/versions"
  exit 0
fi
mkdir -p "${newest%/*}"
work=$(mktemp -d "$newest.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The mirror that this machine already uses.
mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' | sed -n 's/^Debian Debian //p' | head -n 1)
mkdir -p "$work"/{etc/apt/{apt.conf.d,preferences.d,trusted.gpg.d},lists/partial,archives/partial,dpkg,debs,new/bin}
touch "$work/dpkg/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} sid main" \
  >"$work/etc/apt/sources.list"
apt=(
  apt-get -qq -o Dir::Etc="$work/etc/apt" -o Dir::State::Lists="$work/lists" -o Dir::State::status="$work/dpkg/status"
  -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" -o Acquire::Languages=none
  -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any
)
for attempt in 1 2 3; do
  { "${apt[@]}" update && (cd "$work/debs" && "${apt[@]}" download "${packages[@]}"); } && break
  [ $attempt -lt 3 ] || { echo 'could not fetch the newest packages of Debian' >&2; exit 1; }
  sleep $((attempt * 5))
done

for package in "$work"/debs/*.deb; do
  dpkg-deb -x "$package" "$work/new/root"
  dpkg-deb -W "$package" >>"$work/new/versions.tmp"
done
for program in "${programs[@]}"; do
  # Runs here, or there is no use for it.
  case $program in */docker-compose) version=(version) ;; *) version=(--version) ;; esac
  "$work/new/root/$program" "${version[@]}" >/dev/null
  ln -s "../root/$program" "$work/new/bin/${program##*/}"
done
mv "$work/new/versions.tmp" "$work/new/versions"
rm -rf "$newest"
mv "$work/new" "$newest"
cat "$newest/versions"
