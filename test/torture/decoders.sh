#!/usr/bin/env bash
# Mutated videos and pictures for the native decoders, in child processes: a crash is counted and its file kept.
set -euo pipefail
files=$([[ -n "${TDV_TORTURE_QUICK:-}" ]] && echo 100 || echo 2000)
failed=0
for kind in videos images masks; do
  dotnet "$TORTURE" decode "$kind" "$files" || failed=1
done
exit "$failed"
