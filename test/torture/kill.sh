#!/usr/bin/env bash
# Trainings that are killed, run out of disk, or find their last checkpoint damaged. Each must end with the weights of
# one that nothing disturbed, byte for byte. Lines: name|tried|lost|ok or FAILED.
set -euo pipefail
quick=${TDV_TORTURE_QUICK:-}
kills=${TDV_TORTURE_KILLS:-$([[ -n "$quick" ]] && echo 5 || echo 50)}
# The processes that are killed make few steps each; the last one, undisturbed, makes the rest.
steps=$((20 + 2 * kills))
tdv=$PWD/src/Tdv.Samples/bin/Release/net10.0/Tdv.Samples.dll
work=$(mktemp -d)
mounts=()
failed=0
cleanup() {
  local mount
  for mount in "${mounts[@]}"; do umount "$mount" || true; done
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '%s\n' "$1" >&2; }

verdict() { # NAME TRIED LOST
  if [[ "$3" == 0 ]]; then echo "$1|$2|$3|ok"; else
    echo "$1|$2|$3|FAILED"
    failed=1
  fi
}

pretrain() { # RUN STEPS [EVERY]
  dotnet "$tdv" pretrain --videos "$work/demo/data/videos/train" --out "$1" --steps "$2" --seed 3 --checkpoint-every "${3:-1}"
}

# The demo films its videos first; that is all that is wanted of it.
film() {
  dotnet "$tdv" demo --out "$work/demo" --steps 1000000 > "$work/demo.log" 2>&1 &
  local pid=$!
  until grep -q '^wrote' "$work/demo.log"; do
    kill -0 "$pid" 2> /dev/null || { cat "$work/demo.log" >&2 && exit 1; }
    sleep 0.5
  done
  kill -9 "$pid"
  wait "$pid" 2> /dev/null || true
}

same() { cmp -s "$work/undisturbed/weights.safetensors" "$1/weights.safetensors"; }

# Every step once and in order, whatever was done twice.
metrics_whole() { # RUN STEPS
  sed 's/^{"step":\([0-9]*\),.*/\1/' "$1/metrics.jsonl" | cmp -s - <(seq "$2")
}

killed() {
  local run=$work/killed done=0 pid
  while [[ "$done" -lt "$kills" ]]; do
    pretrain "$run" "$steps" > "$work/killed.log" 2>&1 &
    pid=$!
    sleep "$((RANDOM % 5)).$((RANDOM % 10))"
    # A training that has ended by itself was not killed.
    kill -0 "$pid" 2> /dev/null || { say "the training ended after $done kills" && return 1; }
    pkill -9 -P "$pid" 2> /dev/null || true
    kill -9 "$pid"
    wait "$pid" 2> /dev/null || true
    done=$((done + 1))
  done
  say "after $kills kills: $(find "$run" -name 'checkpoint-*.safetensors' | sort | tail -1)"
  pretrain "$run" "$steps" > "$work/killed.log" 2>&1 || { cat "$work/killed.log" >&2 && return 1; }
  same "$run" && metrics_whole "$run" "$steps"
}

# Stops at a step of its own choice: with SIGTERM, as a shutdown does.
interrupted() { # RUN
  pretrain "$1" "$steps" > "$work/log" 2>&1 &
  local pid=$!
  until [[ "$(find "$1" -name 'checkpoint-*.safetensors' 2> /dev/null | wc -l)" -ge 3 ]]; do sleep 0.2; done
  kill -TERM "$pid"
  wait "$pid" || true
  grep -q 'The same command again goes on from there' "$work/log"
}

ends_well() { # RUN WHAT-IT-SAYS
  pretrain "$1" "$steps" > "$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
  [[ -z "$2" ]] || grep -q "$2" "$work/log" || { cat "$work/log" >&2 && return 1; }
  same "$1"
}

newest() { find "$1/checkpoints" -name 'checkpoint-*.safetensors' | sort | tail -1; }

cut_short() {
  interrupted "$work/cut" || return 1
  truncate -s -1000 "$(newest "$work/cut")"
  ends_well "$work/cut" 'before it is used'
}

flipped() {
  interrupted "$work/flipped" || return 1
  local file at
  file=$(newest "$work/flipped")
  at=$(($(stat -c %s "$file") / 2))
  printf "\\x$(printf %02x $((0x$(xxd -s "$at" -l 1 -p "$file" 2> /dev/null || od -An -tx1 -j "$at" -N 1 "$file" | tr -d ' ') ^ 0x10)))" |
    dd of="$file" bs=1 seek="$at" conv=notrunc status=none
  ends_well "$work/flipped" 'before it is used'
}

# Room for one checkpoint and a half: the second cannot be written.
full_disk() {
  local size
  size=$(stat -c %s "$(newest "$work/undisturbed")")
  mkdir "$work/small"
  mount -t tmpfs -o size=$((size * 3 / 2 + 16777216)) tmpfs "$work/small"
  mounts+=("$work/small")
  pretrain "$work/small/run" "$steps" > "$work/log" 2>&1 && return 1
  grep -q 'cannot be written.*started again, the training goes on from it' "$work/log" || { cat "$work/log" >&2 && return 1; }
  mount -o remount,size=$((size * 6)) "$work/small"
  ends_well "$work/small/run" ''
}

read_only() {
  mkdir "$work/fixed"
  mount -t tmpfs -o size=1g tmpfs "$work/fixed"
  mounts+=("$work/fixed")
  interrupted "$work/fixed/run" || return 1
  mount -o remount,ro "$work/fixed"
  pretrain "$work/fixed/run" "$steps" > "$work/log" 2>&1 && return 1
  grep -q '^error: .*cannot be written to' "$work/log" || { cat "$work/log" >&2 && return 1; }
  mount -o remount,rw "$work/fixed"
  ends_well "$work/fixed/run" ''
}

attempt() { # NAME TRIED FUNCTION
  local lost=0
  say "-- $1"
  "$3" || lost=1
  verdict "$1" "$2" "$lost"
}

film
say "-- undisturbed, $steps steps"
pretrain "$work/undisturbed" "$steps" 1000 > "$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }
attempt "killed and resumed, weights equal" "$kills" killed
attempt "last checkpoint cut short" 1 cut_short
attempt "last checkpoint with a flipped bit" 1 flipped
if [[ "$(id -u)" == 0 ]] && mkdir "$work/try" && mount -t tmpfs tmpfs "$work/try" 2> /dev/null; then
  umount "$work/try"
  attempt "disk full" 1 full_disk
  attempt "read-only folder" 1 read_only
else
  say "-- disk full, read-only folder: not tried, which needs the right to mount"
fi
exit "$failed"
