#!/usr/bin/env bash
# Takes the failover stack off again. Configs, secrets and state stay, unless told otherwise.
#   uninstall.sh [--purge]      --purge also removes /etc/failoverlab, /var/lib/failoverlab and the user
# DESTDIR=FOLDER as for install.sh.
set -euo pipefail

purge=no
case "${1:-}" in
  "") ;;
  --purge) purge=yes ;;
  *) echo "usage: [DESTDIR=FOLDER] uninstall.sh [--purge]" >&2; exit 2 ;;
esac
root=${DESTDIR:-}
tell() { [ -n "$root" ] || [ ! -d /run/systemd/system ] || systemctl "$@" || true; }
[ -n "$root" ] || [ "$(id -u)" = 0 ] || { echo "uninstall.sh: needs root" >&2; exit 1; }

for unit in endpoint router balancer controller; do
  file="$root/etc/systemd/system/failoverlab-$unit.service"
  [ -e "$file" ] || continue
  tell disable --now "failoverlab-$unit.service"
  rm -f "$file" "$root/etc/systemd/system/multi-user.target.wants/failoverlab-$unit.service"
done
tell daemon-reload
rm -rf "$root/opt/failoverlab" "$root/opt/failoverlab.new" "$root/opt/failoverlab.old"

if [ "$purge" = yes ]; then
  rm -rf "$root/etc/failoverlab" "$root/var/lib/failoverlab"
  if [ -z "$root" ]; then
    ! getent passwd failoverlab >/dev/null || userdel failoverlab
    ! getent group failoverlab >/dev/null || groupdel failoverlab
  fi
fi
