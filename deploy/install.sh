#!/bin/sh
# 离线安装回天 · Installs Huitian from this folder, without the internet. What it takes: sh install.sh --help
set -eu
umask 022
unset PYTHONPATH PYTHONHOME || true

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
[ -f "$here/about.env" ] || { echo "about.env 不在 $here · is not in $here: unpack the whole bundle first" >&2; exit 1; }
. "$here/about.env"

usage() {
  cat <<EOF
sh install.sh [--prefix DIR] [--python PATH]

回天 Huitian $HT_VERSION · $HT_PLATFORM · Python $HT_PYTHON
  --prefix DIR   装到哪里 · where to; root: /opt/huitian, else ~/.local/share/huitian
  --python PATH  用哪个 Python $HT_PYTHON · which Python $HT_PYTHON to use

再运行一次就是升级；旧版保留到新版能用为止，之后仍留一份以便退回（再运行旧包的 install.sh）。
Run again, or from a newer bundle, it upgrades. The old release stays until the new one works, and one is
kept after that: to go back, run the install.sh of the older bundle.
EOF
}

# 中文一句，英文一句，怎么办 · says what is wrong in both languages, and what to do.
stop() {
  printf '\n  停止     %s\n  stopped  %s\n  do       %s\n\n' "$1" "$2" "$3" >&2
  exit 1
}

prefix='' python=''
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -ge 2 ] || { usage >&2; exit 2; }; prefix=$2; shift 2 ;;
    --prefix=*) prefix=${1#*=}; shift ;;
    --python) [ $# -ge 2 ] || { usage >&2; exit 2; }; python=$2; shift 2 ;;
    --python=*) python=${1#*=}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

if [ -z "$prefix" ]; then
  if [ "$(id -u)" = 0 ]; then
    prefix=/opt/huitian
  elif [ -n "${HOME:-}" ]; then
    prefix=$HOME/.local/share/huitian
  else
    stop '没有 HOME，不知道装到哪里' 'there is no HOME, so no place to install to' 'sh install.sh --prefix DIR'
  fi
fi

# ---- Python: of the version and machine that the wheels are for
ask='import struct, sys, platform, sysconfig
version = "%d.%d" % sys.version_info[:2]
machine = sysconfig.get_platform()
if machine.startswith("macosx"): machine = "macos-" + platform.machine()
print("%s %s %s %s" % (version, sys.implementation.name, machine, platform.libc_ver()[1] or "-"))'

fits() { # $1: a Python; sets said
  said=$("$1" -I -c "$ask" 2>/dev/null) || said=''
  [ -n "$said" ] || return 1
  # shellcheck disable=SC2086
  set -- $said
  [ "$1" = "$HT_PYTHON" ] && [ "$2" = cpython ] && [ "$3" = "$HT_PLATFORM" ]
}

if [ -n "$python" ]; then
  fits "$python" || stop \
    "$python 不能用：此包要 CPython $HT_PYTHON（$HT_PLATFORM），而它是 ${said:-不能运行的程序}" \
    "$python does not fit: this bundle is for CPython $HT_PYTHON on $HT_PLATFORM, and it is ${said:-nothing that runs}" \
    "name a Python $HT_PYTHON by --python, or take the bundle made for yours"
else
  seen=''
  for each in "python$HT_PYTHON" python3 python; do
    command -v "$each" >/dev/null 2>&1 || continue
    if fits "$each"; then python=$(command -v "$each"); break; fi
    seen="$seen $each=$(printf '%s' "${said:-?}" | tr ' ' '/')"
  done
  [ -n "$python" ] || stop \
    "没有找到 CPython $HT_PYTHON（$HT_PLATFORM）；找到的是：${seen:- 无}" \
    "no CPython $HT_PYTHON on $HT_PLATFORM was found; there is:${seen:- none}" \
    "install python$HT_PYTHON and python$HT_PYTHON-venv, name one by --python, or take the bundle made for yours"
fi
"$python" -I -c 'import ensurepip, venv' 2>/dev/null || stop \
  "$python 缺少 venv 模块" "$python has no venv module" \
  "install the system's package python$HT_PYTHON-venv (or python3-venv), then the same command again"
"$python" -I -c 'import sys, platform
kind, there = platform.libc_ver()
as_numbers = lambda text: [int(part) for part in text.split(".")]
sys.exit(bool(sys.argv[1]) and (kind != "glibc" or as_numbers(there) < as_numbers(sys.argv[1])))' "$HT_GLIBC" || stop \
  "系统的 glibc 太旧：此包要 $HT_GLIBC 或更新" "the system's glibc is too old: this bundle needs $HT_GLIBC or newer" \
  'install on a newer system; 2.28 is that of Debian 10, RHEL 8, Kylin V10, openEuler 20.03'

# ---- Every file as it was when the bundle was made; before anything is written
"$python" -I -c 'import hashlib, pathlib, sys
here = pathlib.Path(sys.argv[1])
bad, listed = [], set()
for line in (here / "SHA256SUMS").read_text("utf-8").splitlines():
    digest, name = line.split("  ", 1)
    listed.add(name)
    try:
        if hashlib.sha256((here / name).read_bytes()).hexdigest() != digest: bad.append(name)
    except OSError:
        bad.append(name)
bad += [str(path.relative_to(here)) for path in (here / "wheels").iterdir() if "wheels/" + path.name not in listed]
print("\n".join("    " + name for name in bad))
sys.exit(bool(bad) or not listed)' "$here" >&2 || stop \
  '上面的文件与 SHA256SUMS 不符：安装包损坏或被改过；什么都没有安装' \
  'the files above are not as SHA256SUMS says: damaged or altered; nothing was installed' \
  'copy the bundle anew, and compare the SHA-256 of the tar with what its maker told you'

release=$prefix/releases/$HT_VERSION-$("$python" -I -c 'import hashlib, sys
print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest()[:8])' "$here/SHA256SUMS")

works() { # $1: a release
  [ -f "$1/installed" ] && [ "$("$1/bin/huitian" --version 2>/dev/null)" = "huitian $HT_VERSION" ]
}

# ---- A release of its own; what runs now is not touched
if works "$release"; then
  echo "已装好 · is installed already: $release"
else
  echo "安装到 · installing to $release"
  mkdir -p "$prefix/releases" 2>/dev/null && [ -w "$prefix/releases" ] || stop \
    "不能写 $prefix" "$prefix cannot be written" 'run as root (sudo), or name another folder by --prefix'
  rm -rf "$release"
  trap 'rm -rf "$release"' EXIT
  trap 'exit 130' HUP INT TERM
  "$python" -I -m venv "$release"
  "$release/bin/python" -I -m pip --isolated --disable-pip-version-check install --quiet --no-input --no-cache-dir \
    --no-index --find-links "$here/wheels" --only-binary :all: --require-hashes -r "$here/requirements.txt" || stop \
    '软件包没有装上，原因见上；原来的版本照旧' 'the packages were not installed, see above; what ran before is as it was' \
    'mend that, then the same command again'
  "$release/bin/python" -I -c 'import huitian.cli.app, huitian.api.running, huitian.app.stores, pg8000' || stop \
    '装好了却不能运行，原因见上；原来的版本照旧' 'it is installed but does not run, see above; what ran before is as it was' \
    'tell the makers of the bundle what is above'
  mkdir -p "$release/share"
  cp -R "$here/deploy" "$here/docs" "$here/sbom.cdx.json" "$release/share/"
  echo "$HT_VERSION" > "$release/installed"
  works "$release" || stop '装好了却不能运行' 'it is installed but does not run' "$release/bin/huitian --version"
  trap - EXIT HUP INT TERM
fi

# ---- From here on it is the one that runs: one rename
before=$(readlink "$prefix/current" 2>/dev/null || true)
mkdir -p "$prefix/bin"
"$python" -I -c 'import os, sys
for target, link in zip(sys.argv[1::2], sys.argv[2::2]):
    half = link + ".new"
    if os.path.lexists(half): os.unlink(half)
    os.symlink(target, half)
    os.replace(half, link)' \
  "releases/${release##*/}" "$prefix/current" ../current/bin/huitian "$prefix/bin/huitian"
if [ "$before" != "releases/${release##*/}" ] && [ -n "$before" ]; then
  for old in "$prefix"/releases/*; do
    case $old in "$release" | "$prefix/$before") ;; *) rm -rf "$old" ;; esac
  done
fi
other=$before
[ "$before" != "releases/${release##*/}" ] || other=''
command=$prefix/bin/huitian
if [ "$prefix" = /opt/huitian ] && [ -w /usr/local/bin ]; then
  if [ -L /usr/local/bin/huitian ] || [ ! -e /usr/local/bin/huitian ]; then
    ln -sf "$command" /usr/local/bin/huitian
    command=huitian
  fi
fi

cat <<EOF
回天 Huitian $HT_VERSION: $prefix/bin/huitian
${other:+升级自 · upgraded from $other；重启服务后生效 · takes effect when the service is restarted
}
接下来 · next
  $command serve --demo                          演示城市 · the demo city
  $prefix/current/share/docs/guides/production.md   正式运行 · run it in production
  $prefix/current/share/deploy/                     systemd, nginx, compose, Grafana
卸载 · to uninstall: rm -rf $prefix    （城市文件夹不在其中 · city folders are not in it）
EOF
