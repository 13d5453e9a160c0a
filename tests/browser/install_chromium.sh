#!/bin/sh
# A Chromium for the browser tests and the benchmarks: the system's, else Debian's package, else
# Playwright's build. Debian has its headless shell apart, which the tests prefer: it costs less.
# And nginx, where packages can be installed: without it the test of several servers is skipped.
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

install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

if ! command -v nginx >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update || true
    install nginx-light || true
fi

found && command -v chromium-headless-shell >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update || true
    # Of the very version of a Chromium that is there, since they share files.
    version=$(dpkg-query -W -f '${Version}' chromium 2>/dev/null) || version=
    install "chromium-headless-shell${version:+=$version}" || true
    found || install chromium || true
fi

found && exit 0

if [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; then
    exec "$1" -m playwright install --with-deps chromium
fi
exec "$1" -m playwright install chromium
