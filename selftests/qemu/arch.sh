# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034 # the facts are for others
#
# The architectures, by Debian's names of them. FINJECT_ARCH is the one that the
# module is built for and that the guest has; amd64 is the host's.

# know_arch NAME: set what is known of an architecture:
#   triplet   of its compiler
#   multiarch of its libraries
#   karch     the kernel's name of it
#   flavour   of Debian's kernel for it, among small ones if there are any
#   loader    of its programs
#   emulator  of its programs (qemu-user)
#   machine   the words of QEMU for a guest of it; "": none is booted
know_arch()
{
	machine='' multiarch=''
	case $1 in
	amd64)
		triplet=x86_64-linux-gnu karch=x86_64 flavour=cloud-amd64
		loader=/lib64/ld-linux-x86-64.so.2 emulator=x86_64
		machine=qemu-system-x86_64
		;;
	i386)
		triplet=i686-linux-gnu karch=i386 flavour=686-pae
		multiarch=i386-linux-gnu
		loader=/lib/ld-linux.so.2 emulator=i386
		machine=qemu-system-x86_64
		;;
	arm64)
		triplet=aarch64-linux-gnu karch=arm64 flavour=cloud-arm64
		loader=/lib/ld-linux-aarch64.so.1 emulator=aarch64
		# The CPU has no random numbers, and the device tree brings none.
		machine="qemu-system-aarch64 -M virt,dtb-randomness=off"
		;;
	armhf)
		triplet=arm-linux-gnueabihf karch=arm flavour=armmp
		loader=/lib/ld-linux-armhf.so.3 emulator=arm
		;;
	s390x)
		triplet=s390x-linux-gnu karch=s390 flavour=s390x
		loader=/lib/ld64.so.1 emulator=s390x
		machine="qemu-system-s390x -M s390-ccw-virtio"
		;;
	*) die "no architecture named '$1': amd64, s390x, arm64, i386 or armhf" ;;
	esac
	: "${multiarch:=$triplet}"
	emulator=qemu-$emulator-static
}

# is_foreign: whether programs of FINJECT_ARCH need an emulator here.
is_foreign()
{
	[ "$FINJECT_ARCH" != amd64 ]
}
