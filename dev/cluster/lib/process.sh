# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Starts, finds and ends the components. The process table is the only record of what runs: a component carries its name in
# its environment, so there is no pid file that could go stale or name another program.

MARK=TASKPLATFORM_LOCAL_COMPONENT

# running_components prints "NAME PID" for each component of this TP_STATE that runs.
running_components() {
  local file pid name
  while read -r file; do
    pid=${file//[!0-9]/}
    # Children inherit the mark; the component itself is the one that leads the session setsid made for it.
    [[ $(ps -o sid= -p "$pid") -eq $pid ]] 2>/dev/null || continue
    name=$(tr '\0' '\n' <"$file" 2>/dev/null | sed -n "s/^$MARK=\(.*\)@.*/\1/p") || continue
    [[ -z $name ]] || echo "$name $pid"
  done < <(grep --files-with-matches --no-messages --null-data --line-regexp "$MARK=.*@$TP_STATE" /proc/[0-9]*/environ)
}

# component_pid NAME prints the process id, or nothing.
component_pid() {
  running_components | sed -n "s/^$1 //p"
}

# start NAME COMMAND...: to the log log/NAME.log, of which the one before is kept.
start() {
  local name=$1 log=$LOG_DIR/$1.log
  shift
  [[ ! -s $log ]] || mv "$log" "$log.previous"
  # 9 is the lock, which a component must not go on holding.
  (cd "$TP_STATE" && exec env "$MARK=$name@$TP_STATE" setsid "$@") >"$log" 2>&1 </dev/null 9>&- &
}

# wait_ready NAME SECONDS PROBE...: until the probe succeeds; ends the script when the component ended or the time is over.
wait_ready() {
  local name=$1 limit=$2 deadline=$((SECONDS + $2)) log=$LOG_DIR/$1.log
  shift 2
  until "$@" >/dev/null 2>&1; do
    [[ -n $(component_pid "$name") ]] || fail_with_log "$log" "$name ended instead of becoming ready."
    ((SECONDS < deadline)) || fail_with_log "$log" "$name is not ready after $limit s (its check: $*)."
    sleep 0.1
  done
}

# stop NAME SECONDS: asks the component to end, waits, and kills it when the time is over.
stop() {
  local pid
  for pid in $(component_pid "$1"); do
    stop_process "$pid" "$2"
  done
}

stop_process() {
  local pid=$1 deadline=$((SECONDS + $2))
  kill -TERM "$pid" 2>/dev/null || return 0
  while process_lives "$pid"; do
    if ((SECONDS >= deadline)); then
      kill -KILL "$pid" 2>/dev/null || true
    fi
    sleep 0.05
  done
}

# A zombie has ended: it only waits for its parent to notice.
process_lives() {
  local state
  state=$(ps -o state= -p "$1") && [[ $state != Z ]]
}

# require_port ADDRESS PORT NAME: says who holds the port when it is not free.
require_port() {
  local address=$1 port=$2 name=$3 holder
  holder=$(ss --no-header --listening --tcp --numeric --processes "sport = :$port" |
    awk -v address="$address" '{ split($4, part, /:[0-9]+$/); held = part[1]
      if (held == address || held == "0.0.0.0" || held == "*" || held == "[::]") print }' |
    sed -n '1s/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (process \2)/p')
  [[ -z $holder ]] || fail "$name needs port $port on $address, but $holder holds it. End that program, then run this again."
}
