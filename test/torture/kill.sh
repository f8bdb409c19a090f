#!/usr/bin/env bash
# Trainings that are killed, run out of disk, or find their last checkpoint damaged. Each must end with the weights of
# one that nothing disturbed, byte for byte. Lines: name|tried|lost|ok or FAILED.
set -euo pipefail
quick=${TDV_TORTURE_QUICK:-}
# Trainings to kill, each so often: seed, steps, steps from one checkpoint to the next, precision.
killings=${TDV_TORTURE_KILLS:-$([[ -n "$quick" ]] && echo 3 || echo 10)}
trainings=("3 60 1 float32" "4 30 2 float32" "5 30 3 float32" "6 20 1 bfloat16" "7 30 5 float32")
[[ -z "$quick" ]] || trainings=("3 24 1 float32" "4 16 2 float32")
tdv=$PWD/src/Tdv.Tool/bin/Release/net10.0/Tdv.Tool.dll
work=$(mktemp -d)
failed=0
cleanup() {
  local mount
  for mount in small fixed; do ! mountpoint -q "$work/$mount" || umount "$work/$mount"; done
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '%s\n' "$1" >&2; }

# What the next runs are to be.
choose() { # SEED STEPS CHECKPOINT-EVERY PRECISION
  seed=$1 steps=$2 every=$3 precision=$4
  undisturbed=$work/undisturbed$seed
}

# Trains in the background: $pid is the process itself, $work/log what it says.
start() { # RUN [CHECKPOINT-EVERY]
  dotnet "$tdv" pretrain --videos "$work/demo/data/videos/train" --out "$1" --steps "$steps" --seed "$seed" \
    --precision "$precision" --checkpoint-every "${2:-$every}" > "$work/log" 2>&1 &
  pid=$!
}

pretrain() { # RUN [CHECKPOINT-EVERY]
  start "$@"
  wait "$pid"
}

# The demo films its videos first; that is all that is wanted of it.
film() {
  dotnet "$tdv" demo --out "$work/demo" --steps 1000000 > "$work/demo.log" 2>&1 &
  local pid=$!
  until grep -qs '^wrote' "$work/demo.log"; do
    kill -0 "$pid" 2> /dev/null || { cat "$work/demo.log" >&2 && exit 1; }
    sleep 0.5
  done
  kill -9 "$pid"
  wait "$pid" 2> /dev/null || true
}

same() { cmp -s "$undisturbed/weights.safetensors" "$1/weights.safetensors"; }

# The weights are right, and every step is told once and in order, whatever was done twice.
ended_well() { # RUN
  same "$1" && sed 's/^{"step":\([0-9]*\),.*/\1/' "$1/metrics.jsonl" | cmp -s - <(seq "$steps")
}

# A training that ends before it has been killed often enough is checked, and another one like it begins.
killed() {
  local round=0 run=$work/killed$seed-0 done=0
  while [[ "$done" -lt "$killings" ]]; do
    start "$run"
    sleep "$((RANDOM % 5)).$((RANDOM % 10))"
    if kill -9 "$pid" 2> /dev/null; then
      done=$((done + 1))
      wait "$pid" 2> /dev/null || true
    else
      wait "$pid" && ended_well "$run" || return 1
      round=$((round + 1)) run=$work/killed$seed-$((round + 1))
    fi
  done
  pretrain "$run" && ended_well "$run" || return 1
  say "$killings kills over $((round + 1)) trainings of $steps steps, seed $seed"
  rm -r "$work/killed$seed"-*
}

all_killed() {
  local training
  for training in "${trainings[@]}"; do
    # shellcheck disable=SC2086
    choose $training
    [[ -d "$undisturbed" ]] || pretrain "$undisturbed" 1000 || return 1
    killed || return 1
  done
}

# Stops somewhere in the middle, with SIGTERM as a shutdown does.
interrupted() { # RUN
  start "$1"
  until [[ "$(find "$1" -name 'checkpoint-*.safetensors' 2> /dev/null | wc -l)" -ge 3 ]]; do
    kill -0 "$pid" || return 1
    sleep 0.2
  done
  kill -TERM "$pid"
  wait "$pid" || true
  grep -q 'The same command again goes on from there' "$work/log"
}

goes_on() { # RUN WHAT-IT-SAYS
  pretrain "$1" && grep -q "$2" "$work/log" && ended_well "$1"
}

fails() { # RUN WHAT-IT-SAYS
  ! pretrain "$1" && grep -q "$2" "$work/log"
}

newest() { find "$1/checkpoints" -name 'checkpoint-*.safetensors' | sort | tail -1; }

cut_short() {
  interrupted "$work/cut" || return 1
  truncate -s -1000 "$(newest "$work/cut")"
  goes_on "$work/cut" 'before it is used'
}

flipped() {
  interrupted "$work/flipped" || return 1
  local file middle byte
  file=$(newest "$work/flipped")
  middle=$(($(stat -c %s "$file") / 2))
  byte=$(od -An -tu1 -j "$middle" -N 1 "$file")
  printf "\\x$(printf %02x $((byte ^ 16)))" | dd of="$file" bs=1 seek="$middle" conv=notrunc status=none
  goes_on "$work/flipped" 'before it is used'
}

# Room for a checkpoint and a half: the second one cannot be written.
full_disk() {
  local size
  size=$(stat -c %s "$(newest "$undisturbed")")
  mount -t tmpfs -o size=$((size * 3 / 2)) tmpfs "$(mount_point small)"
  fails "$work/small/run" 'cannot be written.*started again, the training goes on from it' || return 1
  mount -o remount,size=$((size * 6)) "$work/small"
  goes_on "$work/small/run" saved
}

read_only() {
  mount -t tmpfs -o size=2g tmpfs "$(mount_point fixed)"
  interrupted "$work/fixed/run" || return 1
  mount -o remount,ro "$work/fixed"
  fails "$work/fixed/run" '^error: .*cannot be written to' || return 1
  mount -o remount,rw "$work/fixed"
  goes_on "$work/fixed/run" saved
}

mount_point() { mkdir "$work/$1" && echo "$work/$1"; }

can_mount() {
  [[ "$(id -u)" == 0 ]] && mount -t tmpfs tmpfs "$(mount_point try)" 2> /dev/null && umount "$work/try"
}

attempt() { # NAME TRIED FUNCTION
  say "-- $1"
  if "$3"; then echo "$1|$2|0|ok"; else
    cat "$work/log" >&2
    echo "$1|$2|1|FAILED"
    failed=1
  fi
}

film
attempt "killed in ${#trainings[@]} trainings and resumed: weights as if undisturbed" \
  $((killings * ${#trainings[@]})) all_killed
# shellcheck disable=SC2086
choose ${trainings[0]}
attempt "last checkpoint cut short" 1 cut_short
attempt "last checkpoint with a flipped bit" 1 flipped
if can_mount; then
  attempt "disk full" 1 full_disk
  attempt "read-only folder" 1 read_only
else
  say "-- disk full, read-only folder: not tried, which needs the right to mount"
fi
exit "$failed"
