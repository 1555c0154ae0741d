# Sourced: a container image is unpacked, added to from this machine, and packed again.
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/rootfs
# unpack IMAGE.tar.gz
unpack() { tar -C "$work" -xzf "$1"; }
# put FILE…: to the same path
put() {
  local file
  for file in "$@"; do
    mkdir -p "$root$(dirname "$file")"
    cp -L --remove-destination "$file" "$root$file"
  done
}
# put_libraries PROGRAM…: what they are linked with
put_libraries() {
  local libraries
  mapfile -t libraries < <(ldd "$@" | grep -o '/[^ )]*' | grep -v ':$' | sort -u)
  put "${libraries[@]}"
}
# pack: to stdout
pack() { tar --numeric-owner --owner=0 --group=0 -C "$work" -cf - metadata.yaml rootfs; }
