#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the three images with Jib and pushes them to REGISTRY, unless what they are made of has not changed.
# Writes their references, pinned by digest, to .local/images.env for the scripts and tests that deploy them.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/dev/lib/target.sh"

REFERENCES=$LOCAL/images.env
IMAGES=(user-service:services/user-service task-service:services/task-service taskplatform-operator:operator/controller)

inputs_digest() {
  {
    echo "$REGISTRY ${IMAGE_BASE:-}"
    [ "${IMAGE_BASE#tar://}" = "${IMAGE_BASE:-}" ] || sha256sum "${IMAGE_BASE#tar://}"
    cd "$ROOT"
    git ls-files -co --exclude-standard -- pom.xml services operator helm/taskplatform ':!:*/src/test/*' | sort |
      while read -r file; do [ ! -f "$file" ] || sha256sum "$file"; done
  } | sha256sum | cut -d' ' -f1
}

# Whether the registry still holds what the references name: it may have been cleaned since.
registry_has() {
  local reference=$1 path
  path=${reference#"$REGISTRY"/}
  curl -fsSI -o /dev/null -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "http://$REGISTRY/v2/${path%%:*}/manifests/${path##*@}" 2>/dev/null
}

up_to_date() {
  [ -f "$REFERENCES" ] && grep -qx "# $1" "$REFERENCES" || return 1
  local reference
  while IFS='=' read -r _ reference; do
    registry_has "$reference" || return 1
  done < <(grep -v '^#' "$REFERENCES")
}

# reference IMAGE TARGET: one line such as USER_SERVICE_IMAGE=registry/user-service:tag@sha256:...
reference() {
  local tagged digest
  tagged=$(sed -n 's/.*"image":"\([^"]*\)".*/\1/p' "$2/jib-image.json")
  digest=$(cat "$2/jib-image.digest")
  printf '%s_IMAGE=%s@%s\n' "$(tr 'a-z-' 'A-Z_' <<<"$1")" "$tagged" "$digest"
}

build() {
  local options=(-Dimage.registry="$REGISTRY") image modules=()
  # A registry on this machine may speak plain HTTP; to any other that would send images and passwords in the clear.
  case $REGISTRY in
    localhost:* | 127.0.0.1:*) options+=(-Djib.allowInsecureRegistries=true) ;;
  esac
  for image in "${IMAGES[@]}"; do modules+=("${image#*:}"); done
  # The class path is for programs of these modules that run outside an image, such as the smoke client.
  logged images "$ROOT/dev/mvn.sh" package dependency:build-classpath jib:build -DskipTests -Dmdep.outputFile=target/classpath \
    -am -pl "$(IFS=,; echo "${modules[*]}")" "${options[@]}"

  {
    echo "# $1"
    for image in "${IMAGES[@]}"; do
      reference "${image%%:*}" "$ROOT/${image#*:}/target"
    done
  } >"$REFERENCES"
}

[ -n "${EMBEDDED:-}" ] || use_cluster
digest=$(inputs_digest)
if up_to_date "$digest"; then
  step "images are up to date"
else
  step "building the three images (log: $LOCAL/log/images.log)"
  build "$digest"
fi
