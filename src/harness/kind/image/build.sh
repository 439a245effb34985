#!/bin/bash
# Makes the node image for kind from Debian's packages and the programs in a folder, for machines that
# reach no registry of images. Needs a Docker engine, root, debootstrap and Go.
#
#   build.sh PROGRAMS WORK KUBERNETES ETCD IMAGE
#
# PROGRAMS   folder with kubelet, kubeadm, kubectl, etcd, coredns and the parts of the control plane
# WORK       folder for what it makes on the way; the Debian tree in it is used again
# KUBERNETES, ETCD   versions, such as 1.36.3
# IMAGE      name of the node image
set -euo pipefail
programs=$1 work=$2 kubernetes=$3 etcd=$4 image=$5
here=$(cd "$(dirname "$0")" && pwd)
tree=$work/debian stage=$work/stage prefix=localhost/strata-kind
search='ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

debian() {
  local packages=systemd,systemd-sysv,dbus,containerd,runc,containernetworking-plugins,iptables,conntrack
  packages+=,iproute2,ethtool,util-linux,mount,kmod,libseccomp2,ca-certificates,procps,socat
  rm -rf "$tree"
  debootstrap --variant=minbase --include="$packages" trixie "$tree" > "$work/debian.log" 2>&1 ||
    { tail -5 "$work/debian.log" >&2; return 1; }
  # Units that mean nothing in a container.
  rm -f "$tree"/etc/systemd/system/*.wants/* \
    "$tree"/usr/lib/systemd/system/{multi-user,local-fs,basic}.target.wants/* \
    "$tree"/usr/lib/systemd/system/sockets.target.wants/*{udev,initctl}* \
    "$tree"/usr/lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service
  rm -rf "$tree"/var/{lib/apt/lists,cache/apt,cache/debconf,log}/* "$tree"/usr/share/{doc,man,locale,info,i18n,zoneinfo} \
    "$tree"/{boot,dev,proc,sys}/* "$tree"/etc/{hostname,resolv.conf,machine-id}
  mkdir -p "$tree"/etc/kubernetes/manifests "$tree"/kind
  touch "$tree/.whole"
}

pack() { # NAME FOLDER CHANGE...: an image of one layer
  local name=$1 folder=$2 changes=() change
  shift 2
  for change; do changes+=(--change "$change"); done
  tar -C "$folder" --owner=0 --group=0 -c . | docker import "${changes[@]}" - "$name" > /dev/null
}

program() { # NAME TAG CHANGE: an image with one static program
  mkdir -p "$stage/$1/usr/local/bin"
  cp "$programs/$1" "$stage/$1/usr/local/bin/"
  pack "$prefix/$1:$2" "$stage/$1" "$3"
}

pause() {
  mkdir -p "$stage/pause"
  (cd "$stage/pause" && CGO_ENABLED=0 GO111MODULE=off go build -trimpath -ldflags '-s -w' -o pause "$here/pause.go")
  pack "$prefix/pause:1" "$stage/pause" 'ENTRYPOINT ["/pause"]' 'USER 65535:65535'
}

# kube-proxy runs iptables: the program, its plugins and the libraries that they load.
proxy() {
  local to=$stage/kube-proxy tool file
  mkdir -p "$to"/usr/{local/bin,sbin,lib,lib64} "$to"/{run,etc,tmp}
  ln -s usr/lib "$to/lib"
  ln -s usr/lib64 "$to/lib64"
  cp "$programs/kube-proxy" "$to/usr/local/bin/"
  (
    cd "$tree"
    plugins=(usr/lib/*/xtables/*.so)
    loaded=$(chroot . ldd /usr/sbin/xtables-nft-multi "${plugins[@]/#//}" | grep -oE '/[^ :]+ \(0x' | cut -d' ' -f1 | sort -u)
    for file in usr/sbin/xtables-nft-multi "${plugins[@]}" $loaded; do
      file=${file#/}
      case $file in lib/* | lib64/*) file=usr/$file ;; esac
      cp --parents -L "$file" "$to/"
    done
  )
  for tool in {iptables,ip6tables}{,-save,-restore}; do ln -s xtables-nft-multi "$to/usr/sbin/$tool"; done
  pack "$prefix/kube-proxy:v$kubernetes" "$to" "$search"
}

mkdir -p "$work"
[ -f "$tree/.whole" ] || debian
rm -rf "$stage"
for part in kube-apiserver kube-controller-manager kube-scheduler; do program "$part" "v$kubernetes" "$search"; done
program etcd "$etcd-0" "$search"
program coredns 1 'ENTRYPOINT ["/usr/local/bin/coredns"]'
pause
proxy

node=$stage/node
mkdir -p "$node"/{bin,images}
cp -a "$here/Dockerfile" "$here/node" "$node/"
echo "v$kubernetes" > "$node/version"
cp "$programs"/{kubeadm,kubelet,kubectl} "$node/bin/"
docker save -o "$node/images/node.tar" "$prefix/pause:1" "$prefix/kube-proxy:v$kubernetes"
docker save -o "$node/images/control-plane.tar" "$prefix"/{kube-apiserver,kube-controller-manager,kube-scheduler}:"v$kubernetes" \
  "$prefix/etcd:$etcd-0" "$prefix/coredns:1"
tar -C "$tree" -c . | docker import - "$prefix/debian:1" > /dev/null
DOCKER_BUILDKIT=0 docker build -q -t "$image" "$node" > "$work/build.log" 2>&1 || { tail -5 "$work/build.log" >&2; exit 1; }
rm -rf "$stage"
