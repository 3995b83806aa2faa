# FailoverLab's guard: holds, on the host that is changed, what is needed to undo the changes, and undoes them when whoever made them
# stops renewing the lease. Plain POSIX sh (dash, busybox ash, bash); needs flock, setsid and /proc/uptime.
# Use: sh guard.sh OPERATION ROOT RUN [ARGUMENT...]      Texts of a change come on standard input, as quoted assignments.
# Times are hundredths of a second of /proc/uptime: setting the clock changes nothing.
# Files read to decide have one fixed length and are overwritten in place, so that a full disk cannot take them away.
set -u
umask 077
LC_ALL=C
PATH=${PATH:-/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH

ok=0 busy=75 over=76 foreign=77 left=78 off=79 full=73 unfit=69
op=$1 root=$2 run=$3
shift 3
dir=$root/runs/$run
now=
lock=$root/lock
nl='
'
# Undo commands that hang must not hold the host's mutex for ever.
undo_seconds=20

fail() { code=$1; shift; echo "failoverlab: $*" >&2; exit "$code"; }
uptime_cs() { read -r up idle </proc/uptime; part=1${up#*.}; cs=$((${up%.*} * 100 + part - 100)); }
# Blanks at the end make the length fixed; the shell's read takes them off again.
set_word() { printf '%-12s\n' "$2" 1<>"$1"; }
get_word() { word=; [ -r "$1" ] && read -r word <"$1"; }
set_lease() { printf '%-20s %-10s\n' "$1" "$2" 1<>"$dir/lease"; }
get_lease() { renewed=0 lease=0; [ -r "$dir/lease" ] && read -r renewed lease <"$dir/lease"; }
# What was written is read again before it counts; short texts by the shell itself, for a process costs more.
holds() {
  if [ ${#2} -gt 2000 ]; then got=$(cat "$1"); else got=; while IFS= read -r part || [ -n "$part" ]; do got=$got${got:+$nl}$part; done <"$1"; fi
  [ "$got" = "$2" ]
}
write() { printf '%s' "$2" 2>/dev/null >"$1" && { holds "$1" "$2" || [ "$(cat "$1")" = "$2" ]; }; }
# A text is there whole or not at all.
put() { write "$1.new" "$2" && mv -f "$1.new" "$1"; }
take() { [ -d "$root" ] && exec 9>>"$root/mutex" && flock 9; }
# With others that only need the host not to be put back meanwhile.
take_shared() { [ -d "$root" ] && exec 9>>"$root/mutex" && flock -s 9; }
release() { exec 9>&-; }
# The clock of the wall, ns; busybox's date may know no nanoseconds, its adjtimex prints microseconds. Empty where there is neither.
stamp() {
  t=$(date +%s%N 2>/dev/null)
  case $t in *[!0-9]* | '') t=$(adjtimex 2>/dev/null | { s= u=; while read -r k v; do case $k in *tv_sec:) s=$v ;; *tv_usec:) u=$v ;; esac; done; [ -z "$s" ] || printf '%s%06d000' "$s" "$u"; }) ;; esac
  printf '\n@%s %s\n' "$1" "$t"
}
nap() { f=$(($1 % 100)); case $f in ?) f=0$f ;; esac; sleep "$(($1 / 100)).$f" 2>/dev/null 8>&- 9>&- || sleep 1 8>&- 9>&-; }
bounded() { s=$1; shift; if command -v timeout >/dev/null 2>&1; then timeout "$s" "$@"; else "$@"; fi; }
# What changes the host keeps the mutex until it has ended, even when its caller is killed with everything in the caller's process group: a shell in a
# session of its own waits for it with the mutex open. What is run has the mutex closed, and may leave something in the background.
bounded_alone() {
  s=$1
  shift
  if command -v timeout >/dev/null 2>&1; then set -- timeout "$s" "$@"; fi
  setsid sh -c '"$@" 8>&- 9>&-; exit $?' sh "$@"
}
read_back() { now=$(bounded "$undo_seconds" sh "$dir/$1/read.sh" 2>/dev/null </dev/null 8>&- 9>&-); }
# Whether a command that reads has failed: its number and status are in a line before what it printed.
could_not() { case $nl$1 in *"$nl["[1-9]" "[1-9]*) return 0 ;; esac; return 1; }
is_armed() { get_word "$dir/state"; [ "$word" = armed ] || return 1; get_lease; uptime_cs; [ "$cs" -lt $((renewed + lease)) ]; }
guard_lives() { [ -e "$dir/guard.lock" ] && ! flock -n "$dir/guard.lock" true 2>/dev/null 9>&-; }
# Without its state before, nothing had been changed: whoever laid it ready died over it.
entries() { for e in "$dir"/[0-9]*; do [ -e "$e/before" ] && echo "${e##*/}"; done; }
texts() { text= whole=; while IFS= read -r part || [ -n "$part" ]; do text=$text$part$nl; done; eval "$text"; [ "$whole" = yes ] || fail $full "what came on standard input is not whole; nothing was changed"; }
newest_first() { list=; for e in $(entries); do list="$e $list"; done; echo "$list"; }
is_back() { get_word "$dir/$1/result"; [ "$word" = restored ]; }
start_of() { s=$(cat "/proc/$1/stat" 2>/dev/null) || return 1; s=${s##*) }; set -- $s; echo "${20}"; }
start_guard() { setsid sh "$dir/guard.sh" guard "$root" "$run" </dev/null >/dev/null 2>&1 9>&- & }

# One change: look, undo only what is known to be ours, look again.
undo_one() {
  is_back "$1" && return 0
  before=$(cat "$dir/$1/before") || return 1
  after=; [ -e "$dir/$1/after" ] && after=$(cat "$dir/$1/after")
  get_word "$dir/$1/acting"; acting=$word
  read_back "$1"
  if [ "$now" != "$before" ]; then
    if [ "$acting" != yes ] && [ "$now" != "$after" ]; then
      # Read twice, so that a hiccup of the reading is not taken for another's change.
      read_back "$1"
      if [ "$now" != "$before" ] && [ "$now" != "$after" ]; then
        # What could not be read is nobody's change: it is tried again.
        could_not "$now" && ! could_not "$after" && { set_word "$dir/$1/result" failed; return 1; }
        set_word "$dir/$1/result" foreign
        return 1
      fi
    fi
  fi
  if [ "$now" != "$before" ]; then
    # From here on a state between the two is ours: an undo that was cut short is finished, not taken for another's.
    set_word "$dir/$1/acting" yes
    said=$(bounded_alone "$undo_seconds" sh "$dir/$1/undo.sh" 2>&1 </dev/null)
    read_back "$1"
  fi
  if [ "$now" = "$before" ]; then set_word "$dir/$1/result" restored; return 0; fi
  set_word "$dir/$1/result" failed
  put "$dir/$1/said" "${said:-}"
  return 1
}

undo_all() { undone=0; for each in $(newest_first); do undo_one "$each" || undone=1; done; return "$undone"; }

report() {
  get_word "$dir/state"; state=${word:-none}
  get_lease; uptime_cs
  guard=dead; guard_lives && guard=alive
  echo "run $run $state $((renewed + lease - cs)) $guard"
  for each in $(newest_first); do get_word "$dir/$each/result"; echo "entry $each $word"; done
}

case $op in
fit)
  for tool in flock setsid cat mv mkdir sleep; do command -v "$tool" >/dev/null 2>&1 || fail $unfit "this host has no '$tool', which undoing by itself needs; install util-linux"; done
  [ -r /proc/uptime ] || fail $unfit "this host has no /proc/uptime"
  ;;

arm) # LEASE OWNER
  mkdir -p "$dir" && take || fail $full "cannot write below $root"
  if [ -s "$lock" ]; then
    { read -r holder; read -r owner; read -r since; } <"$lock"
    if [ "$holder" != "$run" ]; then
      mine=$dir dir=$root/runs/$holder
      get_word "$dir/state"; state=$word
      if is_armed; then fail $busy "busy: run $holder of $owner since $since holds this host; its lease runs $(((renewed + lease - cs + 99) / 100)) s more"; fi
      if [ -d "$dir" ] && [ "$state" != restored ] && [ "$state" != disarmed ]; then
        undo_all || fail $left "run $holder of $owner since $since left changes on this host that could not be undone; \`recover\` says which"
        set_word "$dir/state" restored
      fi
      dir=$mine
    fi
  fi
  uptime_cs
  set_word "$dir/ended" no && set_word "$dir/state" armed && set_lease "$cs" "$1" && put "$lock" "$run$nl$2$nl$(date -u +%Y-%m-%dT%H:%M:%SZ)" || fail $full "cannot write $dir"
  rm -f "$dir/tie"
  start_guard
  ;;

renew) # CENTISECONDS, without the mutex: who has it, a fenced command or an act, may take longer than the lease. Whoever undoes says so under the
  # mutex before, and every change asks under it; a renewal that comes in that moment changes nothing.
  is_armed || { get_word "$dir/state"; fail $over "lease over, state ${word:-none}"; }
  set_lease "$cs" "$1" || fail $full "cannot write $dir/lease"
  if guard_lives; then echo alive; else start_guard; echo restarted; fi
  ;;

tie) # the channel's end undoes at once, if two calls in a row come from one parent
  get_word "$dir/tie"
  mine="$PPID.$(start_of $PPID)"
  if [ "$word" = "?$mine" ]; then put "$dir/tie" "=$mine" && echo tied; else put "$dir/tie" "?$mine"; fi
  ;;

prepare) # ID; standard input: undo=... read=... whole=yes
  texts
  take || fail $full "cannot write $root/mutex"
  is_armed || fail $over "lease over"
  e=$dir/$1
  # None of this counts before the state before is there.
  mkdir -p "$e" && write "$e/undo.sh" "$undo" && write "$e/read.sh" "$read" || fail $full "no room for the undo of change $1 in $e; nothing was changed"
  read_back "$1"
  put "$e/before" "$now" && set_word "$e/result" pending && set_word "$e/acting" yes || fail $full "no room for the state before change $1 in $e; nothing was changed"
  printf '%s\n' "$now"
  ;;

intend) # ID: once more
  take || fail $full "cannot write $root/mutex"
  is_armed || fail $over "lease over"
  e=$dir/$1
  read_back "$1"
  get_word "$e/acting"
  if [ "$word" != yes ] && [ "$now" != "$(cat "$e/before")" ] && [ "$now" != "$(cat "$e/after" 2>/dev/null)" ]; then
    printf '%s\n' "$now"
    fail $foreign "somebody else changed it meanwhile"
  fi
  set_word "$e/acting" yes && set_word "$e/result" pending || fail $full "cannot write $e"
  ;;

fence) # SECONDS COMMAND...: only while the lease lasts, and never while something is being undone
  take || fail $full "cannot write $root/mutex"
  is_armed || fail $over "lease over; the command was not run"
  seconds=$1
  shift
  umask 022
  bounded_alone "$seconds" "$@"
  exit $?
  ;;

lay) # NAME; standard input: one=... two=... three=... whole=yes: what an act will read at its instant
  one= two= three=
  texts
  take_shared || fail $full "cannot write $root/mutex"
  is_armed || fail $over "lease over"
  write "$dir/$1.1" "$one" && write "$dir/$1.2" "$two" && write "$dir/$1.3" "$three" || fail $full "no room for what is to be done in $dir; nothing was changed"
  ;;

hold) # SECONDS CENTISECONDS NAME PROGRAM OPTION...: standard input is the gate: a line at the instant, or an end without one, which calls it off
  seconds=$(($1 + $2 / 100 + 1))
  shift
  umask 022
  # What waits here, and what it starts, takes milliseconds and must not wait for others then; where that is not allowed it does.
  { chrt -f -p 10 $$ || renice -n -10 -p $$; } >/dev/null 2>&1 </dev/null || :
  # The gate is passed on, so that what has begun ends outside of this group, and what has not is called off when this group is killed.
  { IFS= read -r go && echo "$go"; } | bounded_alone "$seconds" sh "$dir/guard.sh" held "$root" "$run" "$@"
  exit $?
  ;;

held) # CENTISECONDS NAME PROGRAM OPTION...: as fence, with everything but the programs themselves done before the gate opens
  [ "$1" -le 0 ] || nap "$1"
  name=$2 n=0
  shift 2
  take_shared || fail $full "cannot write $root/mutex"
  # Should the gate never open, the mutex is let go as soon as the lease is over.
  trap 'fail $over "lease over; nothing was done"' TERM
  ( while is_armed; do nap 20; done; kill $$ ) </dev/null >/dev/null 2>&1 8>&- 9>&- &
  dog=$!
  stamp ready
  IFS= read -r go || { kill $dog; fail $off "called off"; }
  trap : TERM
  kill $dog
  is_armed && get_word "$dir/ended" && [ "$word" = no ] || fail $over "lease over; nothing was done"
  exec </dev/null
  code=0
  while [ $# -gt 0 ] && [ $code = 0 ]; do
    n=$((n + 1))
    "$1" "$2" "$dir/$name.$n" 8>&- 9>&- || code=$?
    shift 2
  done
  stamp done
  exit "$code"
  ;;

done) # ID
  take || fail $full "cannot write $root/mutex"
  read_back "$1"
  # While it is being written the change is still acting, and undone as ours whatever it says.
  write "$dir/$1/after" "$now" && set_word "$dir/$1/acting" no
  code=$?
  printf '%s\n' "$now"
  [ $code = 0 ] || fail $full "no room for the state after change $1; it will be undone as ours"
  ;;

undo) # ID
  take || fail $full "cannot write $root/mutex"
  [ -d "$dir/$1" ] || fail $unfit "this host knows nothing of change $1"
  # What still waits for its instant must not be done after this.
  set_word "$dir/ended" yes
  undo_one "$1"
  get_word "$dir/$1/result"
  echo "$word"
  printf '%s\n' "$now"
  ;;

plant) # ID; standard input: undo=... read=... before=... after=... acting=... whole=yes: from a journal, where the host has lost its own
  texts
  mkdir -p "$dir" && take || fail $full "cannot write below $root"
  e=$dir/$1
  if [ ! -e "$e/before" ]; then
    [ -e "$dir/state" ] || set_word "$dir/state" left
    mkdir -p "$e" && write "$e/undo.sh" "$undo" && write "$e/read.sh" "$read" && set_word "$e/result" pending && set_word "$e/acting" "$acting" || fail $full "cannot write $e"
    [ -z "$after" ] || put "$e/after" "$after" || fail $full "cannot write $e"
    put "$e/before" "$before" || fail $full "cannot write $e"
  fi
  ;;

status)
  [ -d "$root" ] || exit $ok
  take || fail $full "cannot write $root/mutex"
  for r in "$root"/runs/*; do [ -d "$r" ] && run=${r##*/} dir=$r && report; done
  [ ! -s "$lock" ] || { read -r holder <"$lock"; echo "lock $holder"; }
  ;;

disarm)
  take || fail $full "cannot write $root/mutex"
  # Also what was laid ready here and never reached the journal.
  undo_all || fail $left "not everything is back; the undo stays armed"
  set_word "$dir/state" disarmed
  holder=; [ -s "$lock" ] && read -r holder <"$lock"
  [ "$holder" != "$run" ] || rm -f "$lock"
  if guard_lives; then get_word "$dir/guard.pid"; [ -z "$word" ] || kill "$word" 2>/dev/null; fi
  rm -rf "$dir"
  ;;

guard)
  trap '' HUP INT QUIT PIPE
  cd / || exit 1
  exec 8>>"$dir/guard.lock"
  flock -n 8 || exit 0
  set_word "$dir/guard.pid" $$
  tries=0
  while get_word "$dir/state" && [ -n "$word" ] && [ "$word" != disarmed ]; do
    get_lease
    uptime_cs
    rest=$((renewed + lease - cs))
    get_word "$dir/tie"
    cut=no
    case $word in
      =*) channel=${word#=}; [ "$(start_of "${channel%.*}")" = "${channel#*.}" ] || cut=yes rest=0; [ "$rest" -lt 20 ] || rest=20 ;;
    esac
    if [ "$rest" -gt 0 ]; then
      [ "$rest" -lt 100 ] || rest=100
      nap "$rest"
      continue
    fi
    take || { nap 20; continue; }
    get_lease
    uptime_cs
    get_word "$dir/state"
    case $word in
      disarmed | '') exit 0 ;;
      armed) [ $cut = yes ] || [ "$cs" -ge $((renewed + lease)) ] || { release; continue; } ;;
    esac
    set_word "$dir/state" undoing
    if undo_all; then set_word "$dir/state" restored; exit 0; fi
    release
    tries=$((tries + 1))
    [ "$tries" -lt 8 ] || { set_word "$dir/state" left; exit 0; }
    nap $((10 << (tries - 1)))
  done
  ;;

*) fail 64 "no operation '$op'" ;;
esac
