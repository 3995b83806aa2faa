#!/bin/sh
# Replaces the sample by a run: its result, its report, and a picture of the report's first screen.
# Usage: reports/sample/update.sh reports/latest
set -eu
here=$(cd "$(dirname "$0")" && pwd)
run=$(cd "${1:?usage: update.sh RUN}" && pwd -P)
for file in scenario.yaml hosts.yaml events.ndjson result.json report.html; do
  if [ -f "$run/$file" ]; then cp "$run/$file" "$here/$file"; else rm -f "$here/$file"; fi
done
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "no Chromium here: report.png is left as it was" >&2
  exit 0
fi
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$profile" --window-size=1280,900 \
  --screenshot="$here/report.png" "file://$here/report.html" 2>/dev/null
