#!/bin/sh
# What the tests need beyond npm: a browser with a wide font and a narrow one, Redis, Memcached, xz,
# and the real Django, alone to hold the cache against and under the real Gunicorn.
set -eu

packages=''
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
has_module() { /usr/bin/python3 -c "import $1" 2>/dev/null; }
has_module django || packages="$packages python3-django"
has_module gunicorn || packages="$packages gunicorn"
has_module pymemcache || packages="$packages python3-pymemcache"
has_module django_redis || packages="$packages python3-django-redis"
command -v redis-server >/dev/null 2>&1 || packages="$packages redis-server"
command -v memcached >/dev/null 2>&1 || packages="$packages memcached"
command -v xz >/dev/null 2>&1 || packages="$packages xz-utils"
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
