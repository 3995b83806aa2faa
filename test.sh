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
command -v socat >/dev/null || need+=(socat)
if [ ${#need[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing for the tests: ${need[*]}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
  else
    echo "missing, the tests that need them will be skipped: ${need[*]}"
  fi
fi

# A machine with netem, for kernels without: QEMU, and Debian's kernel package, which is unpacked into a cache and never installed.
guest=${XDG_CACHE_HOME:-$HOME/.cache}/failoverlab-guest
machine=()
command -v qemu-system-x86_64 >/dev/null || machine+=(qemu-system-x86)
[ -x /bin/busybox ] || machine+=(busybox-static)
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ "$(uname -m)" = x86_64 ]; then
  if [ ${#machine[@]} -gt 0 ]; then
    echo "installing for the tests: ${machine[*]}"
    [ ${#need[@]} -gt 0 ] || apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${machine[@]}" >/dev/null
  fi
  if ! ls "$guest"/linux-image-*_amd64.deb >/dev/null 2>&1; then
    kernel() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: *//p' | head -n 1; }
    [ -n "$(kernel)" ] || apt-get update -qq
    mkdir -p "$guest" && (cd "$guest" && apt-get download -qq "$(kernel)" 2>/dev/null) || echo "no kernel package: the tests of netem will be skipped"
  fi
fi

# One compiler for all projects: starting it anew for each takes three times as long. It ends by itself when nothing asks it for a while.
dotnet build FailoverLab.sln -v quiet -clp:NoSummary -p:UseSharedCompilation=true || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
status=0

# The build refuses wrong style and what analyzers find; what is left is white space, which is quick.
dotnet format whitespace FailoverLab.sln --verify-no-changes --no-restore || status=1

# Tests of time in namespaces share two cores badly, so they run alone; the others two at once. What was started in the background ignores Ctrl-C, and so do its
# children, but some tests press it.
alone='Integration|EmbeddedLab|Stack|Wan|Linux|Probing|Cli'
export logs=$(mktemp -d) flags='--no-ansi --progress off --show-stdout Failed --show-stderr Failed'
suites() { for project in tests/*.Tests; do basename "$project"; done | grep "$@" "^FailoverLab\.($alone)\.Tests$"; }
one() { env --default-signal=INT "artifacts/bin/$1/debug/$1" $flags >"$logs/$1.log" 2>&1; code=$?; echo "$1: exit $code after $SECONDS s"; }
export -f one
suites -Ev | sort -r | xargs -P 2 -I{} bash -c 'one {}'
suites -E | xargs -P 1 -I{} bash -c 'one {}'

# What failed is asked once more, alone: a machine that paused says nothing of the program, and what fails again has failed.
for log in "$logs"/*.log; do
  suite=$(basename "$log" .log)
  failing=$(sed -n 's/^failed \([A-Za-z0-9_]*\).*/Name~\1/p' "$log" | sort -u | paste -sd '|')
  if [ -n "$failing" ]; then
    echo "$suite: again $failing"
    env --default-signal=INT "artifacts/bin/$suite/debug/$suite" $flags --filter "$failing" >"$logs/$suite.again" 2>&1
  fi
done

# Each runner's own figures, added up; one that ended without figures has failed.
passed=0 failed=0 skipped=0
count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)\r\{0,1\}$/\1/p" "$2" | tail -n 1; }
for log in "$logs"/*.log; do
  p=$(count succeeded "$log") f=$(count failed "$log") s=$(count skipped "$log") again=${log%.log}.again
  if [ "${f:-1}" != 0 ] || [ "$s" != 0 ]; then
    echo "--- $(basename "$log" .log)"
    cat "$log"
  fi
  if [ -e "$again" ]; then
    echo "--- $(basename "$log" .log), second time"
    cat "$again"
    # It counts only when all that failed was run again, and nothing was skipped instead.
    p2=$(count succeeded "$again") f2=$(count failed "$again") s2=$(count skipped "$again")
    if [ "${s2:-1}" = 0 ] && [ $((${p2:-0} + ${f2:-0})) -ge "$f" ]; then
      p=$((p + f - f2)) f=$f2
    fi
  fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1})) skipped=$((skipped + ${s:-0}))
done
for log in "$logs"/*; do sed -n "s/^failed /$(basename "$log"): failed /p" "$log"; done
rm -rf "$logs"
[ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
