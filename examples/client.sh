#!/usr/bin/env bash
# A telemetry client in bash 4.2 or later: client.sh [HOST [PORT [NAME]]]. What it speaks is in docs/protocol.md.
export LC_ALL=C TZ=UTC0 # lengths are in bytes, times in UTC
host=${1:-127.0.0.1} port=${2:-34567} name=${3:-$HOSTNAME} root=${TELEMETRY_ROOT:-} seq=0 rev=0 stopping=''
trap 'stopping=1' INT TERM; trap '' PIPE
fail() { echo "$name: $1" >&2; exit 1; }
send() { printf '%-16d%s' "${#1}" "$1" >&3 || fail 'the connection is lost'; }
ticks() { read -r up _ </proc/uptime; printf -v "$1" %d $((10#${up/./})); } # hundredths of a second, of a clock that never jumps
receive() { # puts the next frame into $frame, obeying new intervals; returns 1 where none begins within $1 seconds
  read -r -N 1 -t "$1" -u 3 first; case $? in 0) ;; 1) fail 'the server has closed the connection' ;; *) return 1 ;; esac
  read -r -N 15 -t 30 -u 3 rest && read -r -N "$first${rest%% *}" -t 30 -u 3 frame || fail 'half a frame came'
  [[ $frame == '!UPDT'* && $frame =~ \"interval\":\ *([0-9.]+),\ *\"rev\":\ *([0-9]+) ]] || return 0
  ((BASH_REMATCH[2] > rev)) && interval=${BASH_REMATCH[1]} rev=${BASH_REMATCH[2]}
  send "!UPDT: RECEIVED ${BASH_REMATCH[2]}"
}
ask() { # sends a request and waits for its answer
  send "$1"; while receive 30 || fail 'no answer came'; do [[ $frame == '!UPDT'* ]] || return 0; done
}
reading() { # sends one reading: its sensor, id and values
  printf -v now '%(%s)T000' -1; ask "!INFO{\"seq\":$((++seq)),\"time\":$now,$1}"
  [[ $frame == '!INFO: RECEIVED' ]] || echo "$name: refused: ${frame#!FAIL}" >&2
}
exec 3<>"/dev/tcp/$host/$port" || exit 1
printf -v hello '{"name":"%s","ip":"0.0.0.0","UDP_port":0,"time":"%(%FT%TZ)T","v":2,"epoch":"%04x%04x"}' "$name" -1 $RANDOM $RANDOM
ask "!RGTR$hello"; [[ $frame =~ ^!SUCC.*\"interval\":\ *([0-9.]+).*\"rev\":\ *([0-9]+) ]] || fail "not registered: $frame"
interval=${BASH_REMATCH[1]} rev=${BASH_REMATCH[2]}
until [[ $stopping ]]; do
  ticks last
  while read -r key kib _; do [[ $key == Mem* ]] && declare "${key%:}=$kib"; done <"$root/proc/meminfo"
  reading "\"sensor\":\"ram\",\"used\":$(((MemTotal - MemAvailable) * 1024)),\"available\":$((MemAvailable * 1024)),\"total\":$((MemTotal * 1024))"
  for chip in "$root"/sys/class/hwmon/hwmon*; do # the chips that sit in a CPU; others say how warm something else is
    [[ $(cat "$chip/name" 2>&1) =~ ^(coretemp|k10temp|cpu_thermal)$ ]] && read -r milli <"$chip/temp1_input" || continue
    reading "\"sensor\":\"cpu_temp\",\"id\":\"${BASH_REMATCH[1]}/${chip##*/}\",\"celsius\":${milli}e-3"
  done
  until [[ $stopping ]] || { ticks now; printf -v wait %.0f "${interval}e2"; (((wait -= now - last) <= 0)); }; do
    ((wait > 100)) && wait=100; printf -v wait %d.%02d $((wait / 100)) $((wait % 100)); receive "$wait"; done
done
until send '!DISC'; receive 10 && [[ $frame == '!DISC: RECEIVED' ]]; do :; done
