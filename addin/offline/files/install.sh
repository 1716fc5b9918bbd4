#!/bin/sh
# What is said to the user is in install.py and in no-python.txt.
cd "$(dirname "$0")" || exit 1
home="${XINGZHI_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/xingzhi}"
check='import struct, sys; sys.exit(struct.calcsize("P") != 8 or "%d.%d" % sys.version_info[:2] not in "@PYTHONS@".split())'

fits() { "$1" -c "$check" >/dev/null 2>&1; }

python=
for each in "$home/python/bin/python3" @COMMANDS@ python3; do
    if [ -z "$python" ] && fits "$each"; then python=$each; fi
done
if [ -z "$python" ]; then
    # A runtime that was laid into the folder is copied: the folder itself may be a stick that is taken away.
    mkdir -p "$home"
    for each in python/cpython-3*"$(uname -m)"*linux*.tar.gz; do
        if [ -f "$each" ]; then tar -xzf "$each" -C "$home"; fi
    done
    if [ ! -x "$home/python/bin/python3" ] && [ -x python/bin/python3 ]; then cp -R python "$home/python"; fi
    if fits "$home/python/bin/python3"; then python="$home/python/bin/python3"; fi
fi
if [ -z "$python" ]; then
    cat no-python.txt >&2
    exit 1
fi
PYTHONUTF8=1 exec "$python" install.py "$@"
