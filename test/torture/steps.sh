#!/usr/bin/env bash
# A long training: memory and handles must not grow. TDV_TORTURE_STEPS=100000 is a day's worth.
set -euo pipefail
dotnet "$TORTURE" steps "${TDV_TORTURE_STEPS:-$([[ -n "${TDV_TORTURE_QUICK:-}" ]] && echo 300 || echo 3000)}"
