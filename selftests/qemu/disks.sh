# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# The guest's disks, made and read without root: /out, and a root file system.
# They are persistent memory (NVDIMM) backed by files. The guest uses it as
# memory, without an interrupt to wait for, so that no disk is slow while virtual
# time runs, and what it has written is in the file even when it dies.

# What /out may hold. The file has holes where nothing was written.
# shellcheck disable=SC2034
OUT_SIZE=1G

# make_ext4 FILE SIZE [WORD...]: WORDs are mke2fs's. The same files give the
# same bytes.
make_ext4()
{
	disk_file=$1 size=$2
	shift 2
	rm -f "$disk_file"
	truncate -s "$size" "$disk_file"
	id=00000000-0000-4000-8000-000000000001
	E2FSPROGS_FAKE_TIME=1767225600 mke2fs -q -t ext4 -b 4096 -m 0 -U $id \
		-O ^has_journal -E root_owner=0:0,hash_seed=$id "$@" \
		"$disk_file" >"$disk_file.log" 2>&1 || {
		cat "$disk_file.log" >&2
		die "mke2fs cannot make the disk $disk_file"
	}
}

# pack_root DIR IMAGE: make an image of a directory, with 512 MB to spare.
pack_root()
{
	[ -r "$1" ] || die "the directory $1 cannot be read"
	inodes=$(find "$1" | wc -l)
	size=$(du -sm --apparent-size "$1" | cut -f1)
	# Files end in part of a block, directories have one.
	size=$((size * 5 / 4 + inodes * 4 / 1024 + 512))
	say "packing $1 (about $size MB)"
	make_ext4 "$2" "$((size + size % 2))M" -d "$1" -N $((inodes + 32768))
}

# take_root ROOT IMAGE: print the file that is the disk of the root file system.
take_root()
{
	if [ -d "$1" ]; then
		pack_root "$1" "$2"
		echo "$2"
		return
	fi
	[ -f "$1" ] || die "there is no directory and no image $1"
	dumpe2fs -h "$1" >/dev/null 2>&1 ||
		die "$1 is no image of ext2, ext3 or ext4 (a whole disk with" \
		    "partitions does not do)"
	# QEMU opens it for writing, and wants whole units of 2 MiB.
	size=$(stat -Lc %s "$1")
	if [ -w "$1" ] && [ $((size % 2097152)) = 0 ]; then
		realpath "$1"
		return
	fi
	say "copying $1"
	cp --reflink=auto --sparse=always "$1" "$2"
	chmod u+w "$2"
	truncate -s %2M "$2"
	echo "$2"
}

# disk NAME FILE SHARE: print QEMU's words for one disk, a line each.
disk()
{
	# QEMU's own syntax: a comma in a value is doubled
	echo "-object"
	echo "memory-backend-file,id=$1,mem-path=$(echo "$2" | sed 's/,/,,/g'),\
size=$(stat -Lc %s "$2"),share=$3,reserve=off"
	echo "-device"
	echo "nvdimm,memdev=$1"
}

# take_out IMAGE DIR: write the files of an image to a directory.
take_out()
{
	mkdir -p "$2"
	# The guest may have died in the middle; 1 is "errors corrected".
	e2fsck -fy "$1" >"$1.log" 2>&1 || [ $? = 1 ] || {
		sed 's/^/  | /' "$1.log" >&2
		say "the files in /out are damaged; what is left comes to $2"
	}
	(cd "$2" && debugfs -R 'rdump / .' "$1" 2>&1) |
	grep -vE '^debugfs [0-9]|: Operation not permitted' >&2 || :
	rmdir "$2/lost+found" 2>/dev/null || :
}
