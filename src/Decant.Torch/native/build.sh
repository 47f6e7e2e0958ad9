#!/usr/bin/env bash
# Builds libdecant_torch.so against the libtorch in $DECANT_LIBTORCH (include/ and lib/), else the system's.
# Usage: build.sh OUTPUT_SO. Exit code 3: g++ or libtorch is not there; one line on standard output says which.
set -euo pipefail
output=${1:?usage: build.sh OUTPUT_SO}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=${CXX:-g++}
missing() { echo "Decant.Torch: $1 not found; built without its native part (install libtorch-dev libopenblas0-pthread g++, or set DECANT_LIBTORCH)"; exit 3; }

command -v "$compiler" >/dev/null || missing "$compiler"
if [ -n "${DECANT_LIBTORCH:-}" ]; then
    include=$DECANT_LIBTORCH/include
    lib=$DECANT_LIBTORCH/lib
else
    include=/usr/include
    lib=/usr/lib/$("$compiler" -dumpmachine | sed 's/-pc-/-/;s/-unknown-/-/')
    [ -e "$lib/libtorch_cpu.so" ] || lib=/usr/lib
fi
{ [ -e "$include/ATen/ATen.h" ] && [ -e "$lib/libtorch_cpu.so" ]; } || missing "libtorch (in $include and $lib)"

# The headers say what they need: C++17, and later versions C++20.
standard=c++17
grep -q 202002L "$include/ATen/ATen.h" && standard=c++20
flags=(-O2 -std=$standard -fPIC -shared -fvisibility=hidden)
[ -n "${DECANT_LIBTORCH:-}" ] && flags+=(-isystem "$include" -isystem "$include/torch/csrc/api/include" "-Wl,-rpath,$lib") \
    || flags+=(-isystem "$include/torch/csrc/api/include")
libraries=(-ltorch_cpu -lc10)
# Registration runs from static constructors, so the CUDA half must stay linked though no symbol of it is named.
[ -e "$lib/libtorch_cuda.so" ] && libraries+=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda -Wl,--as-needed)
# Older pip builds use the old libstdc++ strings; their own symbols tell.
if command -v nm >/dev/null && ! { nm -D --defined-only "$lib/libc10.so" || true; } | grep -c '__cxx11' >/dev/null; then
    flags+=(-D_GLIBCXX_USE_CXX11_ABI=0)
fi

mkdir -p "$(dirname "$output")"
trap 'rm -f "$output.$$"' EXIT
"$compiler" "${flags[@]}" "$here/decant_torch.cpp" -o "$output.$$" -L"$lib" "${libraries[@]}" -ldl
mv "$output.$$" "$output"
echo "Decant.Torch: built $(basename "$output") against $lib"
