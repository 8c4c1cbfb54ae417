#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cases.sh NAME: a server and a client of Debian's, one transfer over lo; what the
# client got is printed, and its exit status is that of the transfer.
# cases.sh prepare NAME: make what the runs of it have in common.
# Each run has files of its own, so that a run does not see what another left;
# but for PostgreSQL, whose runs are one after the other.
set -u

shared=/tmp/shared
files=$shared/www		# `file' in it is what servers send
pg=/usr/lib/postgresql/15/bin

# listens PORT: wait until a server does, without a connection
listens()
{
	hex=$(printf ':%04X 00000000:0000 0A' "$1")
	tries=0
	until grep -q "$hex" /proc/net/tcp; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || exit 99
		sleep 0.05
	done
}

# get URL [WORD...]: fetch with curl
get()
{
	curl -s -S "$@" >got
	status=$?
	cksum <got
	return $status
}

keys()
{
	ssh-keygen -q -t ed25519 -N '' -f $shared/host
	ssh-keygen -q -t ed25519 -N '' -f $shared/user
	mkdir -p /run/sshd
}

cluster()
{
	mkdir $shared/pg
	chown postgres $shared/pg
	setpriv --reuid postgres --regid postgres --clear-groups \
		$pg/initdb -D $shared/pg -A trust --no-sync --no-locale \
		>$shared/initdb.log 2>&1 || cat $shared/initdb.log
}

prepare()
{
	mkdir -p $files
	[ -e $files/file ] || seq 4000 >$files/file
	case $1 in
	openssh) keys ;;
	postgresql) cluster ;;
	stunnel)
		openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost \
			-keyout $shared/key.pem -out $shared/cert.pem \
			2>/dev/null
		;;
	esac
}

nginx_curl()
{
	cat >conf <<-END
		user root; error_log /dev/null; pid $PWD/pid;
		events { }
		http { access_log off; client_body_temp_path $PWD/1;
		proxy_temp_path $PWD/2; fastcgi_temp_path $PWD/3;
		uwsgi_temp_path $PWD/4; scgi_temp_path $PWD/5;
		server { listen 127.0.0.1:8080; root $files; } }
	END
	nginx -p "$PWD" -c "$PWD/conf"
	listens 8080
	get http://127.0.0.1:8080/file
}

lighttpd_curl()
{
	cat >conf <<-END
		server.document-root = "$files"
		server.port = 8080
		server.bind = "127.0.0.1"
	END
	lighttpd -f conf
	listens 8080
	get http://127.0.0.1:8080/file
}

# Two connections one behind the other: that of the client, and its own.
haproxy_curl()
{
	busybox httpd -p 127.0.0.1:8080 -h $files
	cat >conf <<-END
		defaults
		  mode http
		  timeout connect 5s
		  timeout client 10s
		  timeout server 10s
		frontend f
		  bind 127.0.0.1:8081
		  default_backend b
		backend b
		  server s 127.0.0.1:8080
	END
	haproxy -D -f conf || return
	listens 8081
	get http://127.0.0.1:8081/file
}

busybox_wget()
{
	busybox httpd -p 127.0.0.1:8080 -h $files
	listens 8080
	busybox wget -q -O - http://127.0.0.1:8080/file >got
	status=$?
	cksum <got
	return $status
}

python_curl()
{
	python3 -m http.server --bind 127.0.0.1 --directory $files 8080 \
		>log 2>&1 &
	listens 8080
	get http://127.0.0.1:8080/file
}

redis_cli()
{
	redis-server --port 6379 --bind 127.0.0.1 --save '' --daemonize yes \
		>/dev/null
	listens 6379
	redis-cli set a b && redis-cli get a
}

memcached_nc()
{
	memcached -u root -d -l 127.0.0.1 -p 11211
	listens 11211
	{ printf 'set a 0 0 1\r\nb\r\nget a\r\nquit\r\n'; sleep 0.5; } |
	busybox nc 127.0.0.1 11211
}

socat_socat()
{
	socat TCP-LISTEN:7000,bind=127.0.0.1,fork,reuseaddr EXEC:/bin/cat &
	listens 7000
	echo hello | socat - TCP:127.0.0.1:7000
}

postgresql_psql()
{
	# it was killed, and is consistent all the same; one run at a time
	rm -f $shared/pg/postmaster.pid
	chmod 755 .
	: >log
	setpriv --reuid postgres --regid postgres --clear-groups \
		$pg/postgres -D $shared/pg -h 127.0.0.1 -k '' -c fsync=off \
		-c shared_buffers=1MB -c max_connections=5 \
		-c autovacuum=off -c dynamic_shared_memory_type=mmap \
		>log 2>&1 &
	until grep -q 'ready to accept' log; do
		sleep 0.1
	done
	$pg/psql "host=127.0.0.1 user=postgres sslmode=disable gssencmode=disable" \
		-Atc 'select sum(i) from generate_series(1, 1000) i'
}

openssh_ssh()
{
	/usr/sbin/sshd -f /dev/null -h $shared/host -p 2222 -o UsePAM=no \
		-o ListenAddress=127.0.0.1 -o StrictModes=no -o PidFile=none \
		-o AuthorizedKeysFile=$shared/user.pub
	listens 2222
	ssh -F /dev/null -i $shared/user -p 2222 -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		root@127.0.0.1 echo hello
}

stunnel_curl()
{
	busybox httpd -p 127.0.0.1:8080 -h $files
	cat >conf <<-END
		pid =
		[s]
		accept = 127.0.0.1:8443
		connect = 127.0.0.1:8080
		cert = $shared/cert.pem
		key = $shared/key.pem
	END
	stunnel conf 2>log
	listens 8443
	get -k https://127.0.0.1:8443/file
}

rsync_rsync()
{
	cat >conf <<-END
		use chroot = no
		uid = 0
		gid = 0
		[x]
		path = $files
	END
	rsync --daemon --config=conf --address=127.0.0.1 --port=8730
	listens 8730
	rsync -q rsync://127.0.0.1:8730/x/file copy
	status=$?
	cksum <copy
	return $status
}

iperf3_iperf3()
{
	iperf3 -s -D
	sleep 0.3
	iperf3 -c 127.0.0.1 -n 100K >/dev/null
}

if [ "$1" = prepare ]; then
	prepare "$2"
	exit
fi
cd "$(mktemp -d)" || exit 99
case $1 in
nginx) nginx_curl ;;
lighttpd) lighttpd_curl ;;
haproxy) haproxy_curl ;;
busybox) busybox_wget ;;
python) python_curl ;;
redis) redis_cli ;;
memcached) memcached_nc ;;
socat) socat_socat ;;
postgresql) postgresql_psql ;;
openssh) openssh_ssh ;;
stunnel) stunnel_curl ;;
rsync) rsync_rsync ;;
iperf3) iperf3_iperf3 ;;
*) exit 99 ;;
esac
