#!/bin/sh
# A Chromium for the browser tests: the system's, else Debian's package, else Playwright's build.
# Usage: install_chromium.sh PYTHON
set -eu

found() {
    for name in chromium chromium-browser google-chrome; do
        # Ubuntu's package of that name can be a stub that only asks for a snap.
        if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

found && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium || true
    found && exit 0
fi

if [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; then
    exec "$1" -m playwright install --with-deps chromium
fi
exec "$1" -m playwright install chromium
