#!/bin/sh
# What the tests need beyond npm: a browser with a wide font and a narrow one, Redis, Memcached, and
# the real Django that the cache is held against.
set -eu

packages=''
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
/usr/bin/python3 -c 'import django' 2>/dev/null || packages="$packages python3-django"
command -v redis-server >/dev/null 2>&1 || packages="$packages redis-server"
command -v memcached >/dev/null 2>&1 || packages="$packages memcached"
has_font() { fc-list : family 2>/dev/null | grep -q "$1"; }
has_font 'DejaVu Sans' || packages="$packages fonts-dejavu-core"
has_font 'Roboto Condensed' || packages="$packages fonts-roboto-unhinted"

if [ -z "$packages" ]; then
  echo 'Everything that the tests need is there.'
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Please install with your system's package manager:$packages" >&2
  exit 1
fi
as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo'
$as_root apt-get update -qq
# The servers are started by the tests themselves, privately; Debian must not start them as services.
$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
  apt-get install -y -qq --no-install-recommends $packages
echo "Installed:$packages"
