#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the base image twice from nothing, compares the files, and runs its Java as its user.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for build in first second; do
  TP_STATE=$work/$build "$here/build.sh"
done
cmp "$work"/{first,second}/base-image/base.tar
echo "ok: built twice, the same file"

before=$(stat --format %Y "$work/first/base-image/base.tar")
TP_STATE=$work/first "$here/build.sh" | grep 'up to date'
[[ $(stat --format %Y "$work/first/base-image/base.tar") == "$before" ]]
echo "ok: not built again from the same inputs"

mkdir "$work/root"
tar --extract --to-stdout --file "$work/first/base-image/base.tar" --wildcards '*/layer.tar' | tar --extract --directory "$work/root"
# -Xshare:on refuses to start when the class data archive does not fit the runtime. The loader finds Java's libraries by /proc.
unshare --mount --pid --fork bash -euo pipefail -c "
  mount -t proc proc '$work/root/proc'
  chroot --userspec=65532:65532 '$work/root' /opt/java/bin/java -Xshare:on -version"
echo "ok: its Java runs as user 65532, with the class data archive"
