#!/bin/sh
# Install what the tests marked `system` need from Debian's packages: only where we are root, and only what is missing.
set -eu

missing=""
need() { # a program or library that the package brings, and the package
    [ -e "$1" ] || missing="$missing $2"
}
need /usr/bin/chromium chromium
need /usr/sbin/postfix postfix
need /usr/bin/faketime faketime
need /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
need /usr/lib/postgresql/15/bin/postgres postgresql-15
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || missing="$missing libpangoft2-1.0-0"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed, and only root can:$missing. The tests that need them are skipped and named."
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
export RUNLEVEL=1 # install servers, but start none
apt-get update -qq
for package in $missing; do
    apt-get install -qq -y --no-install-recommends "$package" >/dev/null || echo "Not to be had here: $package."
done
