# FailoverLab far side, protocol 1: plain POSIX sh (dash, busybox ash, bash). Read from standard input, so nothing is left on the host.
# $N, the mark that begins every line sent back, was set before. Lines from here: VERB ARGUMENTS; values follow one a line as printf %b text.
set -f
umask 077
exec 2>/dev/null
K=1048576
LEASE=${LEASE:-15}
unset CDPATH
IFS=' 	
'
WS=$IFS
say() { printf '%s\n' "$N $*"; }
D=$(mktemp -d "${TMPDIR:-/tmp}/failoverlab.XXXXXXXX") || { D=/tmp/failoverlab.$$; mkdir "$D" || { say H 1 fault=no-temporary-directory; exit 1; }; }
FAILOVERLAB_DIR=$D
export FAILOVERLAB_DIR
[ $((1099511627776 / 1024)) = 1073741824 ] || { say H 1 fault=no-64-bit-arithmetic; rm -rf "$D"; exit 1; }

has() { command -v "$1" >/dev/null; }

# --- the clock: now puts nanoseconds since 1970 into $t -------------------------------------------------------------------------------
stamp() { t=$(date +%s%N); }
CLOCK=date RES=1
if [ -n "${EPOCHREALTIME-}" ]; then
  CLOCK=builtin RES=1000
  stamp() { t=$EPOCHREALTIME; t=${t%[.,]*}${t#*[.,]}000; }
else
  stamp
  case $t in
    *[!0-9]* | '' | ? | ?? | ??? | ????????????????*[!0-9]*) CLOCK=uptime ;;
    ???????????????????) ;;
    *) CLOCK=uptime ;;
  esac
fi
if [ $CLOCK = uptime ]; then
  # Whole seconds only: the kernel's uptime (10 ms steps) is tied to the instant at which a second begins.
  up() { read -r u _ </proc/uptime; u=${u%.*}${u#*.}; }
  # The second began after the last reading but one of date; uptime is read before each, so how much later this saw it is known: RES.
  up; w=$u v=$u
  s=$(date +%s)
  while a=$(date +%s); [ "$a" = "$s" ]; do w=$v; up; v=$u; done
  up
  BASE=$((a * 100 - u - 1))
  RES=$(((u - w + 3) * 10000000))
  stamp() { up; t=$(((BASE + u) * 10000000)); }
fi
now() { stamp; }
# GNU date reads the time once per line it is fed: one process started beforehand in place of one per reading.
clock_open() {
  [ $CLOCK = date ] && has stdbuf && date -f /dev/null +%s && mkfifo "$D/$1.q" "$D/$1.a" || return 0
  stdbuf -oL date -f - +%s%N <"$D/$1.q" >"$D/$1.a" &
  exec 8>"$D/$1.q" 9<"$D/$1.a"
  rm -f "$D/$1.q" "$D/$1.a"
  now() { echo now >&8 && read -r t <&9 || stamp; }
  CLOCK=served
}
clock_open main
exec 7>&1

if has od; then hex() { od -An -v -tx1; }; else hex() { hexdump -v -e '16/1 "%02x" "\n"'; }; fi
# Most programs print little: that much is told with one process.
if has od; then few() { exec od -An -v -tx1 -N 400; }; else few() { exec hexdump -v -n 400 -e '16/1 "%02x " "\n"'; }; fi
if has fold; then lines() { tr -d ' \n' | fold -w 1000; echo; }; else lines() { tr -d ' '; }; fi
emit() { # ID STREAM FILE
  [ -s "$3" ] || return
  h=$(few <"$3")
  set -- "$1" "$2" "$3" $h
  if [ $# -lt 403 ]; then
    o="$1 $2"
    shift 3
    IFS=
    h=$*
    IFS=$WS
    say O "$o" "$h"
  else
    hex <"$3" | lines | while read -r h; do [ -z "$h" ] || say O "$1" "$2" "$h"; done
  fi
}
if has setsid; then own() { setsid "$@"; }; SETSID=1; else own() { "$@"; }; SETSID=0; fi
if sleep 0.001; then FINE=1; else FINE=0; fi
# A read that gives up waits without a process of its own.
DOZE=sleep
if echo y | read -t 0.5 g; then DOZE=read FINE=1; fi

# --- jobs -----------------------------------------------------------------------------------------------------------------------------
# job ID KIND NENV NIN VALUES...: KIND n runs at once, g and s are held back until released; s is text for the shell; w runs at once and reads of its release
# on its standard input.
job() {
  id=$1 kind=$2 nenv=$3 nin=$4 j=$D/$1
  shift 4
  in=/dev/null
  if [ "$nin" -gt 0 ]; then
    in=$j.in
    : >"$in"
    while [ "$nin" -gt 0 ]; do
      IFS= read -r l || bye
      printf %b "$l" >>"$in"
      nin=$((nin - 1))
    done
  fi
  mkfifo "$j.o" "$j.e" "$j.g"
  (
    now() { stamp; }
    [ $CLOCK = served ] && exec 8>&- 9<&-
    exec </dev/null 3<&- 5<>"$j.g"
    # The first of each stream is kept, the rest drained, so that neither the disk fills nor the program blocks.
    { exec 5<&- 7>&- >"$j.out"; head -c $K; [ ! -s "$j.out" ] || exec cat >/dev/null; } <"$j.o" &
    p1=$!
    { exec 5<&- 7>&- >"$j.err"; head -c $K; [ ! -s "$j.err" ] || exec cat >/dev/null; } <"$j.e" &
    p2=$!
    while [ "$nenv" -gt 0 ]; do
      export "$1"
      shift
      nenv=$((nenv - 1))
    done
    (
      exec <"$in" >"$j.o" 2>"$j.e" 7>&-
      # It may be a secret, and is open.
      [ "$in" = /dev/null ] || rm -f "$in"
      case $kind in
        w) exec <&5 5<&-; if [ $SETSID = 1 ]; then exec setsid "$@"; else exec "$@"; fi ;;
        n) exec 5<&-; if [ $SETSID = 1 ]; then exec setsid "$@"; else exec "$@"; fi ;;
        g) set -- sh -c 'IFS= read -r g <&5; exec 5<&-; exec "$@"' sh "$@" ;;
        *) set -- sh -c 'FL=$1; shift; IFS= read -r g <&5; exec 5<&-; eval "$FL"' sh "$1" ;;
      esac
      if [ $SETSID = 1 ]; then exec setsid "$@"; else exec "$@"; fi
    ) &
    p=$!
    echo "$p $p1 $p2" >"$j.pid"
    say A "$id" "$p"
    wait $p
    s=$?
    now
    say X "$id" "$s" "$t"
    exec 5<&-
    wait $p1 $p2
    emit "$id" 1 "$j.out"
    emit "$id" 2 "$j.err"
    rm -f "$j.pid" "$j.o" "$j.e" "$j.g" "$j.in" "$j.out" "$j.err"
    say Z "$id"
  ) &
}
values() { # COUNT FIRST...: reads COUNT values, then job FIRST... VALUES...
  n=$1
  shift
  while [ "$n" -gt 0 ]; do
    IFS= read -r l || bye
    case $l in *\\*)
      l=$(printf '%b_' "$l")
      l=${l%_}
      ;;
    esac
    set -- "$@" "$l"
    n=$((n - 1))
  done
  job "$@"
}
signal() { # SIGNAL GROUP; one that was killed before it had its session is not a group yet
  { [ $SETSID = 1 ] && kill -s "$1" -- "-$2"; } || kill -s "$1" "$2"
}

# --- the lane: releases held jobs at their instants -----------------------------------------------------------------------------------
doze() { # NANOSECONDS; then puts how late it ended into $over, for the next to begin so much earlier
  w=$((t + $1))
  r=$(($1 / 1000 + 1000000000))
  r=$((r / 1000000 - 1000)).${r#"${r%??????}"}
  case $DOZE in
    read) read -r -t "$r" r <&4 ;;
    *) sleep "$r" ;;
  esac
  now
  over=$((t - w))
  [ $over -gt 0 ] || over=0
  [ $over -lt 5000000 ] || over=5000000
}
# What was released is told when no other release can be waiting for the processor.
tell() {
  printf %s "$told"
  told=
  trap - TERM
}
leave() { # what a lane leaves behind
  case $1 in
    lane) : >"$D/lane.pid" ;;
    *) rm -f "$D/$1" "$D/$1.s" "$D/$1.pid" ;;
  esac
}
# A lane that is one process, where perl can read the clock (by its module, else by the system call of a machine that is known): it sleeps until shortly before the instant, looks at the clock for the last stretch, writes to the
# gate it opened before, and keeps what there is to tell until nothing waits. Awake it costs a tenth of what a shell does, which tells where hosts share processors.
PERL='
my ($n, $d, $name, $apart, $machine) = @ARGV;
my (@told, $call);
$apart /= 1000;
my $now = eval { require Time::HiRes; Time::HiRes->can("gettimeofday") }
|| ($call = {x86_64 => 96, aarch64 => 169}->{$machine}) && sub { my $v = pack "q2", 0, 0; syscall $call, $v, 0; unpack "q2", $v } or exit 3;
($now->())[0] > 1e9 or exit 3;
my $parent = getppid;
sub rest { exit if getppid != $parent }
sub told { syswrite STDOUT, join("", @told) if @told; @told = () }
sub doze { select undef, undef, undef, $_[0] }
$SIG{TERM} = sub { told; exit };
vec(my $in, 0, 1) = 1;
rest until select my $r = $in, undef, undef, 5;
my ($sec, $ns) = <STDIN> =~ /^(\d+)(\d{9})$/ or exit;
open F, "<", "$d/$name" or exit;
my @lane = map { [split] } <F>;
while (my $step = shift @lane) {
my ($off, $id) = @$step;
my $soon = @lane && $lane[0][0] - $off < 2e7;
my ($to, $us) = ($sec + int($off / 1e9), int(($ns + $off % 1e9 + 999) / 1e3));
if ($us >= 1e6) { $us -= 1e6; $to++ }
open G, "+<", -p "$d/$id.g" ? "$d/$id.g" : "/dev/null";
my ($s, $u);
while (1) {
($s, $u) = $now->();
my $left = $to - $s + ($us - $u) / 1e6;
last if $left <= 0;
if (@told && $left > 0.06) { doze 0.02; told }
elsif ($left > 10.3) { doze 10; rest }
elsif ($left > 0.3) { doze $left - 0.2 - $apart }
elsif ($left > 0.04) { doze $left - 0.015 - $apart / 5 }
elsif ($left > 0.0003) { doze $left - 0.0002 }
}
syswrite G, "go\n";
my ($t, $v) = $now->();
doze 0.002 unless $soon;
push @told, sprintf "%s S %s %d%06d000 %d%06d999\n", $n, $id, $s, $u, $t, $v;
}
doze 0.02;
told;
'
lane() { # NAME: the start comes through 3, when all is ready here; then "OFFSET ID" a line in $D/NAME, in order
  exec 4<&3 3<&-
  told= t=0 over=0
  # Those that share a machine must not all look at the clock, and start their sleeps, in the same moment.
  apart=$(($$ % 16 * 6))
  if [ $FINE = 1 ] && [ $CLOCK != uptime ] && read -r p g </proc/self/stat; then
    has chrt && chrt -f -p 10 "$p" || renice -n -10 -p "$p"
  fi >/dev/null
  if [ $CLOCK != uptime ] && has perl; then
    perl -e "$PERL" "$N" "$D" "$1" $apart "$MACHINE" <&4 7>&- &
    p=$!
    trap 'kill $p; wait $p; exit' TERM
    if wait $p; then
      leave "$1"
      exit
    fi
    trap - TERM
  fi
  apart=$((apart * 1000000))
  ask() { now; }
  got() { :; }
  clock_open "$1"
  # The time asked for at the release is read when others have had their turn.
  if [ $CLOCK = served ]; then
    ask() { echo now >&8; }
    got() { read -r t <&9; }
  fi
  now; now; a=$t
  now; half=$(((t - a) / 2))
  read -r start <&4
  doze 1000000
  exec 6<"$D/$1"
  read -r off id <&6 || off=
  while [ -n "$off" ]; do
    at=$((start + off)) gate=0
    [ ! -p "$D/$id.g" ] || { gate=1; exec 5<>"$D/$id.g"; }
    read -r noff nid <&6 || noff=
    now
    # The later a sleep begins, the nearer is its end: three of them, and a glance at the clock.
    while r=$((at - t)); [ $r -gt $half ]; do
      if [ $FINE = 0 ]; then
        [ $r -lt 1500000000 ] || sleep 1
        now
      elif [ -n "$told" ] && [ $r -gt 60000000 ]; then
        doze 20000000
        tell
        now
      elif [ $r -gt 10300000000 ]; then
        doze 10000000000
      elif [ $r -gt 300000000 ]; then
        doze $((r - 200000000 - apart))
      elif [ $r -gt 40000000 ]; then
        doze $((r - 15000000 - apart / 5))
      elif [ $r -gt $((over + 300000)) ]; then
        doze $((r - over - 150000))
      else
        now
      fi
    done
    a=$t
    [ $gate = 0 ] || echo go >&5
    ask
    # Whoever waits for this processor is let in before anything else is done, unless the next instant is near.
    [ $DOZE = sleep ] || [ $((${noff:-$((off + 1000000000))} - off)) -lt 20000000 ] || read -r -t 0.003 g <&4
    got
    told="$told$N S $id $a $t
"
    trap 'tell; exit' TERM
    off=$noff id=$nid
  done
  [ $FINE = 0 ] || doze 20000000
  tell
  leave "$1"
}

end_all() {
  set +f
  for p in "$D"/*.pid; do
    read -r g _ <"$p" && signal TERM "$g"
  done
  if [ $FINE = 1 ]; then sleep 0.2; else sleep 1; fi
  for p in "$D"/*.pid; do
    read -r g f <"$p" && { signal KILL "$g"; kill $f; }
  done
  # Whoever waited for a job that was just killed may still have written down its end.
  rm -rf "$D" || { sleep 1; rm -rf "$D"; }
}
bye() {
  kill $LANE $WATCH
  exec 7>&- 8>&- 9<&- >/dev/null
  end_all
  exit
}
LANE=
# A cut line is not seen by reading: without a renewal for $LEASE seconds everything ends too.
watch() {
  m= k=0
  while sleep 1; do
    c=
    read -r c <"$D/lease"
    if [ "$c" = "$m" ]; then k=$((k + 1)); else k=0 m=$c; fi
    [ $k -lt "$LEASE" ] || { kill $LANE; end_all; kill -9 $$; exit; }
  done
}
echo 0 >"$D/lease"
( [ $CLOCK = served ] && exec 8>&- 9<&-; exec </dev/null >/dev/null 7>&-; watch ) &
WATCH=$!
trap bye HUP TERM INT
trap '' PIPE

T=
for x in dumpcap tcpdump chronyc sha256sum cksum ethtool iperf3 ip tc; do has $x && T=$T$x,; done
# System, name, release, machine, user: in that order whatever is asked first.
set -- $({ uname -snrm; id -u; } | tr '\n' ' ' | tr -cd 'A-Za-z0-9._+ -')
MACHINE=${4-}
say H 1 clock=$CLOCK res=$RES setsid=$SETSID fine=$FINE tools=$T system=${1-} release=${3-} machine=${4-} uid=${5-} name=${2-}

# --- the conversation -----------------------------------------------------------------------------------------------------------------
c=0
: >"$D/lane"
# A clock of the shell's own is read as soon as a line has come, before it is looked at.
while IFS= read -r line && e=${EPOCHREALTIME-}; do
  set -- $line
  case $1 in
    T)
      if [ $CLOCK = builtin ]; then e=${e%[.,]*}${e#*[.,]}000; now; else now; e=$t; fi
      say T "$2" "$e" "$t"
      ;;
    R) values $(($4 + $5)) "$2" "$3" "$5" "$6" ;; # ID KIND ARGUMENTS VARIABLES INPUT-LINES
    L)
      echo "$2 $3" >>"$D/lane"
      if [ -z "$LANE" ]; then
        mkfifo "$D/start"
        exec 3<>"$D/start"
        ( exec </dev/null; [ $CLOCK = served ] && exec 8>&- 9<&- && CLOCK=date; lane lane ) &
        LANE=$!
        echo $LANE >"$D/lane.pid"
      fi
      ;;
    G)
      [ -z "$LANE" ] || echo "$2" >&3
      say G "$2"
      ;;
    W) # ID INSTANT: a lane of its own for one job
      echo "0 $2" >"$D/w$2"
      mkfifo "$D/w$2.s"
      ( exec </dev/null 3<>"$D/w$2.s"; [ $CLOCK = served ] && exec 8>&- 9<&- && CLOCK=date; lane "w$2" ) &
      echo $! >"$D/w$2.pid"
      echo "$3" >"$D/w$2.s"
      ;;
    C)
      # What it has released is told first.
      [ -z "$LANE" ] || { kill $LANE; wait $LANE; : >"$D/lane.pid"; }
      LANE=
      say C
      ;;
    K)
      read -r g <"$D/w$2.pid" && { kill "$g"; leave "w$2"; }
      read -r g f <"$D/$2.pid" && signal "$3" "$g"
      say K "$2"
      ;;
    D) read -r g f <"$D/$2.pid" && kill $f ;;
    U)
      IFS= read -r l
      l=$(printf '%b_' "$l")
      l=${l%_}
      if [ -x "$l" ]; then
        kill $WATCH
        rm -rf "$D"
        [ $CLOCK = served ] && exec 8>&- 9<&-
        exec 7>&-
        exec "$l" agent-session "$N" "$LEASE"
      fi
      say U refused
      ;;
    Q) break ;;
  esac
  c=$((c + 1))
  echo $c >"$D/lease"
done
bye
