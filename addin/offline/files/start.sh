#!/bin/sh
# Starts what install.sh has installed; @WHAT@
here=$(dirname "$0")
home="${XINGZHI_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/xingzhi}"
if [ ! -x "$home/env/bin/xingzhi" ]; then cat "$here/not-installed.txt" >&2; exit 1; fi
@FOLDER@
"$home/env/bin/xingzhi" @ARGUMENTS@ "$@"
