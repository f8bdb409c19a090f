#!/usr/bin/env bash
# Mutated files for every reader of the library: no other exception than the documented, no hang, no large allocation.
set -euo pipefail
inputs=$([[ -n "${TDV_TORTURE_QUICK:-}" ]] && echo 2000 || echo 100000)
failed=0
for reader in $(dotnet "$TORTURE" readers); do
  dotnet "$TORTURE" fuzz "$reader" "$inputs" || failed=1
done
exit "$failed"
