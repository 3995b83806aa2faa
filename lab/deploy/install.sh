#!/usr/bin/env bash
# Installs the failover stack on Debian 12: the program, a user, configs and systemd units. What is configured already stays as it is.
#   install.sh PUBLISHED        the folder made by: dotnet publish FailoverLab.csproj -c Release -r linux-x64 -o PUBLISHED
# Nothing is started: edit /etc/failoverlab, then `systemctl enable --now failoverlab-router` (or -endpoint, -balancer, -controller).
# DESTDIR=FOLDER installs below a folder: no user is made, no owner set, systemd is not told.
set -euo pipefail

usage() { echo "usage: [DESTDIR=FOLDER] install.sh PUBLISHED" >&2; exit 2; }
[ $# = 1 ] || usage
published=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${DESTDIR:-}
user=failoverlab

[ -x "$published/FailoverLab" ] || { echo "install.sh: there is no program '$published/FailoverLab'; publish it first" >&2; exit 1; }
if [ -z "$root" ]; then
  [ "$(id -u)" = 0 ] || { echo "install.sh: needs root" >&2; exit 1; }
  command -v systemctl >/dev/null || { echo "install.sh: needs systemd" >&2; exit 1; }
  command -v ip >/dev/null || { echo "install.sh: needs the package iproute2" >&2; exit 1; }
  getent group "$user" >/dev/null || groupadd --system "$user"
  getent passwd "$user" >/dev/null || useradd --system --gid "$user" --home-dir /var/lib/failoverlab --no-create-home --shell /usr/sbin/nologin "$user"
fi

command -v nft >/dev/null || echo "install.sh: note: there is no nft; a router with an egress_interface needs the package nftables, unless 'server.nat' is false" >&2

owned() { [ -n "$root" ] || chown "$@"; }
secret() { od -An -tx1 -N32 /dev/urandom | tr -d ' \n'; }

# A new program beside the old one, then in its place: what runs keeps its files until it is restarted.
install -d -m 0755 "$root/opt" "$root/etc/systemd/system"
rm -rf "$root/opt/failoverlab.new" "$root/opt/failoverlab.old"
cp -R --no-preserve=ownership "$published" "$root/opt/failoverlab.new"
chmod -R u+w,go-w,a+rX "$root/opt/failoverlab.new"
[ ! -e "$root/opt/failoverlab" ] || mv "$root/opt/failoverlab" "$root/opt/failoverlab.old"
mv "$root/opt/failoverlab.new" "$root/opt/failoverlab"
rm -rf "$root/opt/failoverlab.old"
owned -R root:root "$root/opt/failoverlab"
[ ! -e "$here/../../docs/TUNNEL.md" ] || install -m 0644 "$here/../../docs/TUNNEL.md" "$root/opt/failoverlab/TUNNEL.md"

install -d -m 0750 "$root/etc/failoverlab" "$root/var/lib/failoverlab"
owned root:"$user" "$root/etc/failoverlab"
owned "$user":"$user" "$root/var/lib/failoverlab"
for config in "$here"/config/*.yaml; do
  file="$root/etc/failoverlab/$(basename "$config")"
  [ -e "$file" ] || install -m 0640 "$config" "$file"
  owned root:"$user" "$file"
done
if [ ! -e "$root/etc/failoverlab/environment" ]; then
  (umask 0137
   printf '%s\n' "# Secrets that the configs name as env:NAME. The PSK must be the same on every endpoint and router of a site." \
     "FAILOVERLAB_PSK=$(secret)" "FAILOVERLAB_ADMIN_TOKEN=$(secret)" "FAILOVERLAB_DEVICE_TOKEN=$(secret)" > "$root/etc/failoverlab/environment")
fi
owned root:"$user" "$root/etc/failoverlab/environment"

for unit in "$here"/failoverlab-*.service; do
  install -m 0644 "$unit" "$root/etc/systemd/system/$(basename "$unit")"
done
[ -n "$root" ] || [ ! -d /run/systemd/system ] || systemctl daemon-reload
echo "installed; edit $root/etc/failoverlab, then: systemctl enable --now failoverlab-{endpoint,router,balancer,controller}"
