#!/usr/bin/env bash
# Commands that are killed, run out of disk, lose their folder or meet another one. Afterwards every file must be whole, and
# the results in a folder of one model. Lines: name|tried|lost|ok or FAILED.
set -euo pipefail
quick=${TDV_TORTURE_QUICK:-}
kills=${TDV_TORTURE_KILLS:-$([[ -n "$quick" ]] && echo 3 || echo 10)}
tdv=$PWD/src/Tdv.Tool/bin/Release/net10.0/Tdv.Tool.dll
work=$(mktemp -d)
failed=0
cleanup() {
  ! mountpoint -q "$work/small" || umount "$work/small"
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '%s\n' "$1" >&2; }

tdv() { dotnet "$tdv" "$@" > "$work/log" 2>&1; }

# In the background: $pid is the process itself.
start() {
  dotnet "$tdv" "$@" > "$work/log" 2>&1 &
  pid=$!
}

whole() { dotnet "$TORTURE" whole "$1" > "$work/whole.log" 2>&1 || { cat "$work/whole.log" >&2 && return 1; }; }

says() { grep -q -- "$1" "$work/log"; }

hash() { find "$@" -type f -not -path '*/.tdv/*' -exec sha256sum {} + | sort; }

# Two models of the same weights, A and B, and few pictures, so that a command takes seconds.
prepare() {
  local data=$work/A/data
  tdv demo --out "$work/A" --steps 2 --trainer sdca || return 1
  head -4 "$data/train.txt" > "$data/few.txt"
  head -12 "$data/test.txt" > "$data/unseen.txt"
  mkdir "$work/pictures"
  grep -v "^#" "$data/unseen.txt" | cut -d" " -f1 | while read -r picture; do cp "$data/$picture" "$work/pictures/"; done
  segment 1 "$work/B"
  cp "$work/A/model.zip" "$work/a.zip" && cp "$work/B/model.zip" "$work/b.zip"
}

segment_arguments() { # SEED OUT
  arguments=(segment --weights "$work/A/weights.safetensors" --train "$work/A/data/few.txt" --test "$work/A/data/unseen.txt"
    --classes "$work/A/data/classes.txt" --trainer sdca --seed "$1" --out "$2")
}

segment() { segment_arguments "$@" && tdv "${arguments[@]}"; }

# One of two models, in turn.
model() { [[ $(($1 % 2)) == 0 ]] && echo "$work/a.zip" || echo "$work/b.zip"; }

evaluate_arguments() { # ROUND OUT
  arguments=(evaluate --model "$(model "$1")" --test "$work/A/data/unseen.txt" --classes "$work/A/data/classes.txt" --out "$2")
}

predict_arguments() { # ROUND OUT
  arguments=(predict --model "$(model "$1")" --input "$work/pictures" --out "$2")
}

film_arguments() { # ROUND OUT
  arguments=(predict --model "$(model "$1")" --input "$(find "$work/A/data/videos/test" -type f | head -1)" --out "$2")
}

report_arguments() { # ROUND OUT
  arguments=(report "$2" --video "$(find "$work/A/data/videos/test" -type f | head -1)")
}

export_arguments() { # ROUND OUT
  arguments=(export "$2/model.onnx" --weights "$work/A/weights.safetensors" --height $((64 + 32 * ($1 % 2))) --width 64)
}

# Kills a command at random moments of the time that it takes, again and again in one folder. Each time all must be whole.
killed() { # COMMAND FOLDER
  local round took begin=$(date +%s%N)
  "$1_arguments" 0 "$2" && tdv "${arguments[@]}" && whole "$2" || return 1
  took=$((($(date +%s%N) - begin) / 1000000))
  for ((round = 1; round <= kills; round++)); do
    "$1_arguments" "$round" "$2"
    start "${arguments[@]}"
    sleep "$(printf '%d.%03d' $((RANDOM * took / 32768 / 1000)) $((RANDOM % 1000)))"
    kill -9 "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
    whole "$2" || return 1
  done
  "$1_arguments" "$round" "$2" && tdv "${arguments[@]}" && whole "$2"
}

killed_segment() { killed segment "$work/segment" && [[ -f "$work/segment/metrics.json" ]]; }
killed_evaluate() { killed evaluate "$work/evaluate" && [[ -f "$work/evaluate/evaluation.json" ]]; }
killed_predict() { killed predict "$work/predict" && [[ $(find "$work/predict" -name '*.mask.png' | wc -l) -gt 1 ]]; }
killed_film() { killed film "$work/film" && [[ $(find "$work/film" -name '*.mp4' -not -path '*/.tdv/*' | wc -l) == 1 ]]; }
killed_report() { killed report "$work/B"; }

# ONNX has no end mark: it must be, byte for byte, one of the two that undisturbed commands write.
killed_export() {
  local round
  for round in 0 1; do
    export_arguments "$round" "$work/export$round" && tdv "${arguments[@]}" || return 1
  done
  mkdir -p "$work/export" && cp "$work/export0/model.onnx" "$work/export/"
  for ((round = 1; round <= kills; round++)); do
    export_arguments "$round" "$work/export"
    start "${arguments[@]}"
    sleep "$((RANDOM % 4)).$((RANDOM % 10))"
    kill -9 "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
    cmp -s "$work/export/model.onnx" "$work/export0/model.onnx" || cmp -s "$work/export/model.onnx" "$work/export1/model.onnx" ||
      return 1
  done
}

# The second is told at once, and the first one notices nothing.
two_processes() {
  local first
  segment_arguments 1 "$work/two" && start "${arguments[@]}" && first=$pid
  until [[ -e "$work/two/.tdv/lock" ]]; do sleep 0.1; done
  mv "$work/log" "$work/first.log"
  ! segment 2 "$work/two" && says 'Another command writes to' && ! says '==' || return 1
  wait "$first" && whole "$work/two" && [[ -f "$work/two/metrics.json" ]]
}

# Room for little more than what is there.
fill() { # MEGABYTES-LEFT
  local free
  rm -f "$work/small/filling"
  free=$(df --output=avail -k "$work/small" | tail -1)
  dd if=/dev/zero of="$work/small/filling" bs=1024 count=$((free - $1 * 1024)) status=none
}

full_disk() {
  local before
  mkdir "$work/small" && mount -t tmpfs -o size=200m tmpfs "$work/small"
  segment 1 "$work/small/run" || return 1
  film_arguments 0 "$work/small/film" && tdv "${arguments[@]}" || return 1
  predict_arguments 0 "$work/small/predict" && tdv "${arguments[@]}" || return 1
  export_arguments 0 "$work/small/export" && tdv "${arguments[@]}" || return 1
  before=$(hash "$work/small/run" "$work/small/film" "$work/small/predict" "$work/small/export")
  fill 1
  ! segment 2 "$work/small/run" && says 'cannot be written' || return 1
  export_arguments 1 "$work/small/export" && ! tdv "${arguments[@]}" && says 'error: ' || return 1
  fill 0
  film_arguments 0 "$work/small/film" && ! tdv "${arguments[@]}" && says 'cannot be written' || return 1
  predict_arguments 0 "$work/small/predict" && ! tdv "${arguments[@]}" && says 'cannot be written' || return 1
  [[ "$before" == "$(hash "$work/small/run" "$work/small/film" "$work/small/predict" "$work/small/export")" ]] || return 1
  whole "$work/small/run" && whole "$work/small/film" && whole "$work/small/predict" || return 1
  rm "$work/small/filling"
  segment 2 "$work/small/run" && whole "$work/small/run"
}

# The folder is moved away in the middle: an error says so, unless all was done by then, and none is made anew.
vanished() {
  local command
  for command in segment predict film evaluate; do
    "${command}_arguments" 1 "$work/gone" && start "${arguments[@]}"
    until [[ -e "$work/gone/.tdv/lock.helper" ]]; do kill -0 "$pid" && sleep 0.05; done
    mv "$work/gone" "$work/gone-$command"
    { wait "$pid" || says 'removed or renamed'; } && [[ ! -e "$work/gone" ]] && whole "$work/gone-$command" || return 1
  done
}

can_mount() {
  mkdir -p "$work/try" && [[ "$(id -u)" == 0 ]] && mount -t tmpfs tmpfs "$work/try" 2> /dev/null && umount "$work/try"
}

attempt() { # NAME TRIED FUNCTION
  say "-- $1"
  if "$3"; then echo "$1|$2|0|ok"; else
    cat "$work/log" >&2
    echo "$1|$2|1|FAILED"
    failed=1
  fi
}

prepare || { cat "$work/log" >&2 && exit 1; }
attempt "\`segment\` killed: all files whole and of one model" "$kills" killed_segment
attempt "\`evaluate\` killed, two models in turn: all files whole and of one model" "$kills" killed_evaluate
attempt "\`predict\` of pictures killed, two models in turn: all files whole and of one model" "$kills" killed_predict
attempt "\`predict\` of a video killed, two models in turn: all files whole and of one model" "$kills" killed_film
attempt "\`report\` killed: the page is whole" "$kills" killed_report
attempt "\`export\` killed: the earlier network or the new one" "$kills" killed_export
attempt "two commands into one folder: the second is told at once" 1 two_processes
if can_mount; then
  attempt "disk full in \`segment\`, \`predict\`, \`export\`: what was there is as it was" 4 full_disk
else
  say "-- disk full: not tried, which needs the right to mount"
fi
attempt "folder moved away in \`segment\`, \`predict\`, \`evaluate\`" 4 vanished
exit "$failed"
