# Shows a directory at a second path and becomes the program. Runs in a mount namespace of its own and as its root, so that nobody else sees a change:
#   sh mount-directory.sh <directory> <mount path> <empty directory> <uid:gid or nothing> <program> [argument …]
# The user and group are those under which the program sees itself; without them it stays what this script is. What fails is the first line of
# the output, and the program runs all the same.
directory=$1
mount_path=$2
stage=$3
owner=$4
shift 4
program_path=$PATH
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
unshare=$(command -v unshare)

# Makes the empty directory $2 look like the directory $1.
mirror() {
  for entry in "${1%/}"/* "${1%/}"/.[!.]*; do
    copy=$2/${entry##*/}
    if [ -L "$entry" ]; then
      cp -P "$entry" "$copy" || return
    elif [ -d "$entry" ]; then
      { mkdir "$copy" && mount --rbind "$entry" "$copy"; } || return
    elif [ -e "$entry" ]; then
      { : >"$copy" && mount --bind "$entry" "$copy"; } || return
    fi
  done
}

# Where the path does not exist, the nearest directory above it is replaced by one that holds the same and the missing path.
show() {
  above=$mount_path
  until [ -d "$above" ]; do
    above=${above%/*}
    above=${above:-/}
  done
  if [ "$above" = "$mount_path" ]; then
    mount --rbind "$directory" "$mount_path"
    return
  fi
  missing=$stage/${mount_path#"${above%/}"/}
  mount -t tmpfs -o mode=755 tmpfs "$stage" && mirror "$above" "$stage" || return
  mkdir -p "$missing" && mount --rbind "$directory" "$missing" || return
  if [ "$above" = / ]; then
    { cd "$stage" && pivot_root . . && umount -l .; } || return
  else
    mount --rbind "$stage" "$above" || return
  fi
  # What is left to be seen of the directory in which it was put together.
  umount -l "$stage" 2>/dev/null || true
}

problem=$(show 2>&1) || printf '%s\n' "$mount_path is not shown to this program: $problem"
cd "$directory" || exit 126
PATH=$program_path
if [ -n "$owner" ]; then
  exec "$unshare" --map-user="${owner%:*}" --map-group="${owner#*:}" -- "$@"
fi
exec "$@"
