# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The Debian packages the cluster needs.

PACKAGES=(
  ca-certificates conntrack containerd containernetworking-plugins curl docker-registry ethtool iproute2 ipset iptables
  openssl procps runc socat util-linux
)

install_packages() {
  local missing
  missing=$(missing_packages)
  [[ -n $missing ]] || return 0
  command -v apt-get >/dev/null || fail "these Debian packages are missing, and there is no apt-get: ${missing//$'\n'/ }"
  step "packages: installing ${missing//$'\n'/ }"
  local log=$LOG_DIR/packages.log
  forbid_services
  # The lists may be absent or too old to find the packages: only then are they fetched.
  # shellcheck disable=SC2086  # one word a package
  if ! apt_get install $missing >"$log" 2>&1; then
    apt_get update >>"$log" 2>&1 || fail_with_log "$log" "apt-get update failed."
    apt_get install $missing >>"$log" 2>&1 || fail_with_log "$log" "apt-get could not install ${missing//$'\n'/ }."
  fi
  allow_services
}

missing_packages() {
  local installed
  installed=$(dpkg-query --show --showformat '${binary:Package} ${db:Status-Status}\n' 2>/dev/null |
    sed -n 's/^\([^ :]*\)[^ ]* installed$/\1/p')
  comm -23 <(printf '%s\n' "${PACKAGES[@]}" | sort) <(sort <<<"$installed")
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends "$@"
}

# Debian starts a package's service when it is installed, and docker-registry would then hold port 5000. policy-rc.d is how
# Debian lets an administrator refuse that; one that is there already is the administrator's own.
POLICY=/usr/sbin/policy-rc.d

forbid_services() {
  [[ ! -e $POLICY ]] || return 0
  printf '#!/bin/sh\n# taskplatform-local\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
  trap allow_services EXIT
}

allow_services() {
  ! grep -qs taskplatform-local "$POLICY" || rm -f "$POLICY"
}
