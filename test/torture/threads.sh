#!/usr/bin/env bash
# One transformer in many hands, disposed in the middle, and 10,000 predictions without a leak.
set -euo pipefail
quick=${TDV_TORTURE_QUICK:-}
failed=0
dotnet "$TORTURE" threads "$([[ -n "$quick" ]] && echo 5 || echo 60)" || failed=1
dotnet "$TORTURE" dispose "$([[ -n "$quick" ]] && echo 20 || echo 200)" || failed=1
dotnet "$TORTURE" leak "$([[ -n "$quick" ]] && echo 1000 || echo 10000)" || failed=1
exit "$failed"
