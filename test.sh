#!/usr/bin/env bash
# Installs what the tests need, builds, checks the format, runs every test, and closes with one line counted by the runner itself.
set -u
cd "$(dirname "$0")" || exit 1

need=()
command -v ip >/dev/null || need+=(iproute2)
command -v unshare >/dev/null || need+=(util-linux)
command -v tshark >/dev/null || need+=(tshark)
command -v chromium >/dev/null || need+=(chromium)
command -v systemd-analyze >/dev/null || need+=(systemd)
command -v ping >/dev/null || need+=(iputils-ping)
command -v iperf3 >/dev/null || need+=(iperf3)
command -v nft >/dev/null || need+=(nftables)
command -v gst-launch-1.0 >/dev/null || need+=(gstreamer1.0-tools gstreamer1.0-plugins-good)
[ -x /usr/sbin/sshd ] || need+=(openssh-server)
command -v busybox >/dev/null || need+=(busybox)
command -v faketime >/dev/null || need+=(faketime)
command -v tcpdump >/dev/null || need+=(tcpdump)
if [ ${#need[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing for the tests: ${need[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
  else
    echo "missing, the tests that need them will be skipped: ${need[*]}"
  fi
fi

dotnet build FailoverLab.sln -v quiet -clp:NoSummary || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
status=0
dotnet format FailoverLab.sln --verify-no-changes --no-restore || status=1

# Assemblies one after another: tests in namespaces and browsers share two cores badly.
log=$(mktemp)
dotnet test --solution FailoverLab.sln --no-build --max-parallel-test-modules 1 2>&1 | tee "$log"
[ "${PIPESTATUS[0]}" = 0 ] || status=1
count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)\r\{0,1\}$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
rm -f "$log"
[ -n "$passed" ] || { passed=0; failed=1; skipped=0; }
[ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
