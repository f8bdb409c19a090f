#!/usr/bin/env bash
# Mutated files for every reader of the library: no other exception than the documented, no hang, no large allocation.
set -euo pipefail
inputs=$([[ -n "${TDV_TORTURE_QUICK:-}" ]] && echo 2000 || echo 100000)
# Two at a time; xargs fails if one of them does.
dotnet "$TORTURE" readers | xargs -P 2 -I{} dotnet "$TORTURE" fuzz {} "$inputs"
