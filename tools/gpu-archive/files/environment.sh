# Sourced by the commands: finds what they need, and says what is missing.
# Sets `here` to the archive's folder.

fail() {
  echo "nerfseg-gpu: $*" >&2
  exit 3
}

[ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] ||
  fail "this is $(uname -s) on $(uname -m); the archive is for Linux on x86_64"

node=$here/lib/node
problem=$("$node" --version 2>&1 >/dev/null) || fail "Node does not start: $problem
It needs glibc 2.28 or newer and libstdc++ (Debian and Ubuntu: apt-get install libstdc++6)."

# Where containers mount NVIDIA's driver; the dynamic linker need not know.
if [ -d /usr/local/nvidia/lib64 ]; then
  LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/local/nvidia/lib64
  export LD_LIBRARY_PATH
fi

# A library that the dynamic linker knows, or that lies where its variable points.
has_library() {
  for linker in ldconfig /sbin/ldconfig /usr/sbin/ldconfig; do
    "$linker" -p 2>/dev/null | grep -q "$1" && return 0
  done
  for folder in $(echo "$LD_LIBRARY_PATH" | tr : ' ') /usr/lib/x86_64-linux-gnu /usr/lib64; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

if ! has_library libvulkan.so.1; then
  if [ -e "$here/lib/vulkan/libvulkan.so.1" ] && [ -z "$NERFSEG_NO_BUNDLED_LOADER" ]; then
    echo "libvulkan.so.1 is not installed: the archive's own is used"
    LD_LIBRARY_PATH=$here/lib/vulkan${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
  else
    fail "libvulkan.so.1 is missing: the Vulkan loader, without which WebGPU finds no GPU.
Debian and Ubuntu: apt-get install libvulkan1; Fedora: dnf install vulkan-loader."
  fi
fi

# NVIDIA's driver tells the loader where it is by a file that containers often lack.
if [ -z "$VK_DRIVER_FILES$VK_ICD_FILENAMES$VK_ADD_DRIVER_FILES" ] && [ -e /dev/nvidiactl ]; then
  found=
  for file in /etc/vulkan/icd.d/*nvidia*.json /usr/share/vulkan/icd.d/*nvidia*.json; do
    [ -e "$file" ] && found=$file
  done
  if [ -z "$found" ]; then
    if [ -e /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json ]; then
      VK_DRIVER_FILES=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
    else
      for library in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
        if has_library "$library"; then
          found=${TMPDIR:-/tmp}/nerfseg-nvidia-icd-$$.json
          echo "{\"file_format_version\":\"1.0.0\",\"ICD\":{\"library_path\":\"$library\",\"api_version\":\"1.3.0\"}}" >"$found"
          VK_DRIVER_FILES=${VK_DRIVER_FILES:+$VK_DRIVER_FILES:}$found
          break
        fi
      done
      [ -n "$VK_DRIVER_FILES" ] || fail "this machine has an NVIDIA GPU, but its driver's Vulkan part is missing (libGLX_nvidia.so.0).
In containers: start with NVIDIA_DRIVER_CAPABILITIES=all (or graphics,compute,utility)."
    fi
    echo "no nvidia_icd.json where Vulkan looks: VK_DRIVER_FILES=$VK_DRIVER_FILES"
    export VK_DRIVER_FILES
  fi
fi

: "${XDG_RUNTIME_DIR:=${TMPDIR:-/tmp}}"
NERFSEG_COMMIT=$(cat "$here/lib/commit")
NERFSEG_ENGINE=
export XDG_RUNTIME_DIR NERFSEG_COMMIT NERFSEG_ENGINE
results=${NERFSEG_RESULTS:-$here/results}
mkdir -p "$results" || fail "cannot write to $results; NERFSEG_RESULTS=FOLDER names another"
