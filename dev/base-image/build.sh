#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the image that every Java service starts from, as a file that Jib takes: tar://$TP_STATE/base-image/base.tar
# It holds a Java 25 runtime made of the modules below, the C library, and nothing else: no shell, no package manager.
# Built twice from the same inputs it is the same file; with unchanged inputs nothing is built.
set -euo pipefail

BASE_IMAGE_DIR=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
CLUSTER_DIR=$BASE_IMAGE_DIR/../cluster
for library in ../lib/{log,jdk} lib/{settings,packages,build}; do
  # shellcheck source=/dev/null  # each is checked as a file of its own
  source "$CLUSTER_DIR/$library.sh"
done

# shellcheck disable=SC2034  # install_packages reads it
PACKAGES=(mmdebstrap)
DEBIAN_PACKAGES=(base-files libc6) # the Temurin runtime brings all else it needs
JAVA_MODULES=(
  java.se
  jdk.crypto.ec        # named by libraries, though java.base holds its code now
  jdk.httpserver
  jdk.jcmd             # kubectl exec POD -- jcmd 1 Thread.print
  jdk.jdwp.agent       # debugger
  jdk.jfr
  jdk.management
  jdk.management.agent
  jdk.net              # socket options: keep-alive times
  jdk.unsupported      # sun.misc.Unsafe, of which many libraries can't let go
  jdk.zipfs
)
OUTPUT_DIR=$(dirname "$BASE_IMAGE")

main() {
  mkdir -p "$OUTPUT_DIR" "$LOG_DIR" "$BIN_DIR"
  exec 9>"$OUTPUT_DIR/.lock"
  flock 9
  local jdk stamp
  jdk=$(jdk_home)
  install_packages
  stamp=$(inputs_stamp "$jdk")
  if [[ -s $BASE_IMAGE && $(cat "$OUTPUT_DIR/.stamp" 2>/dev/null) == "$stamp" ]]; then
    step "base image: up to date ($BASE_IMAGE)"
    return
  fi
  work=$(mktemp -d "$OUTPUT_DIR/.work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  step "base image: Debian files"
  make_root "$work/root"
  step "base image: Java runtime from $jdk"
  make_runtime "$jdk" "$work/root/opt/java"
  step "base image: packing"
  require_go
  go_build "$BIN_DIR/image-archive" ./cmd/image-archive
  "$BIN_DIR/image-archive" -root "$work/root" -output "$BASE_IMAGE" -reference taskplatform/java:25 -user 65532 \
    -env JAVA_HOME=/opt/java -env PATH=/opt/java/bin:/usr/bin:/bin -env LANG=C.UTF-8
  echo "$stamp" >"$OUTPUT_DIR/.stamp"
  step "base image: built ($BASE_IMAGE, $(($(stat --format %s "$BASE_IMAGE") / 1048576)) MiB)"
}

# inputs_stamp JDK: what the image is made of. The packages' candidate versions change when apt's lists do.
inputs_stamp() {
  {
    cat "$1/release" "${BASH_SOURCE[0]}" "$CLUSTER_DIR"/internal/archive/archive.go "$CLUSTER_DIR"/cmd/image-archive/main.go
    apt-cache policy "${DEBIAN_PACKAGES[@]}"
  } | sha256sum
}

make_root() {
  local root=$1 sources=() log=$LOG_DIR/base-image.log
  local source
  for source in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
    [[ ! -s $source ]] || sources+=("$source")
  done
  SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --variant=extract --include="${DEBIAN_PACKAGES[*]}" \
    "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$root" "${sources[@]}" >"$log" 2>&1 || fail_with_log "$log" "mmdebstrap failed."
  # Licences stay; what only a system with a package manager or a person at a terminal needs goes.
  find "$root/usr/share/doc" -type f ! -name copyright -delete
  find "$root"/usr/share/{doc,info,lintian,man} -depth -type d -empty -delete
  rm -rf "${root:?}"/{dev,home,media,mnt,opt,root,srv,boot} "$root"/etc/{apt,dpkg,fstab,hostname,motd,resolv.conf,skel,update-motd.d} \
    "$root"/usr/share/{info,lintian,man} "${root:?}"/usr/{bin,sbin,games}/* "$root"/var/{backups,cache,lib,log,local,spool} \
    "$root"/usr/lib/*/gconv # character sets that Java has itself
  cat >"$root/etc/passwd" <<X
root:x:0:0:root:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/nonexistent:/sbin/nologin
X
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
}

make_runtime() {
  local log=$LOG_DIR/base-image.log
  mkdir -p "$(dirname "$2")"
  "$1/bin/jlink" --add-modules "$(IFS=, && echo "${JAVA_MODULES[*]}")" --no-header-files --no-man-pages --generate-cds-archive \
    --output "$2" >"$log" 2>&1 || fail_with_log "$log" "jlink failed."
  # For heaps beyond 32 GiB; without it such a JVM starts slower, and every image is 15 MB smaller.
  rm "$2"/lib/server/classes_nocoops*.jsa
}

main
