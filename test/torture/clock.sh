#!/usr/bin/env bash
# The system's clock is set back and forward by years while a training runs, stops and goes on: the weights must be those
# of one that nothing disturbed, byte for byte. Needs faketime; the monotonic clock, which nobody can set, goes on.
set -euo pipefail
library=$(find /usr/lib /usr/local/lib -name 'libfaketimeMT.so.1' 2> /dev/null | head -1)
if [[ -z "$library" ]]; then
  echo 'clock set back and forward during a training (not tried: needs faketime)|-|0|ok'
  exit 0
fi
tdv=$PWD/src/Tdv.Tool/bin/Release/net10.0/Tdv.Tool.dll
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
steps=$([[ -n "${TDV_TORTURE_QUICK:-}" ]] && echo 12 || echo 40)

dotnet "$tdv" demo --out "$work/demo" --steps 1000000 > "$work/demo.log" 2>&1 &
pid=$!
until grep -qs '^wrote' "$work/demo.log"; do kill -0 "$pid" && sleep 0.2; done
kill -9 "$pid" && wait "$pid" 2> /dev/null || true

pretrain() { # RUN
  dotnet "$tdv" pretrain --videos "$work/demo/data/videos/train" --out "$1" --steps "$steps" --seed 3 --checkpoint-every 2
}

set_clock() { printf '%s\n' "$1" > "$work/clock.new" && mv "$work/clock.new" "$work/clock"; }

jumping() { # RUN
  LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$work/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
    DONT_FAKE_MONOTONIC=1 pretrain "$1"
}

pretrain "$work/still" > "$work/log" 2>&1
set_clock '-3y'
jumping "$work/moved" > "$work/log" 2>&1 &
pid=$!
jumps=0
while kill -0 "$pid" 2> /dev/null; do
  for offset in +2y -10y +0 -1d +5h; do
    set_clock "$offset"
    jumps=$((jumps + 1))
    sleep 0.3
    # In the middle, it is stopped and goes on at another time.
    if [[ "$jumps" == 20 ]]; then
      pkill -TERM -P "$pid" 2> /dev/null || true
    fi
  done
done
wait "$pid" || true
set_clock '-7y'
jumping "$work/moved" > "$work/log" 2>&1 || { cat "$work/log" >&2; }
lost=0
cmp -s "$work/still/weights.safetensors" "$work/moved/weights.safetensors" || lost=1
if [[ "$lost" == 0 ]]; then
  echo "clock set back and forward during a training: weights as if undisturbed|$jumps|0|ok"
else
  echo "clock set back and forward during a training: weights as if undisturbed|$jumps|1|FAILED"
  exit 1
fi
