# SPDX-License-Identifier: GPL-2.0-only
# A page of Documentation/ as a page of the kernel's.
/^\.\. \(test\|outer\): /d
/^\.\. image:: /,/^$/d
/^``make -C tools ladders``/,/^``*--svg/d
s/ (:doc:`\(captures\|judging\|testing\)`)//
s/:doc:`abi`/Documentation\/ABI\/testing\/debugfs-finject/
s/, or any page of the reference in :doc:`index`\./, or any other page of these./
s/ as a forwarded one is: see "A delayed FIN$/ as a forwarded one is, else its sender/
s/^is retransmitted" in :doc:`finject`\./would not send it again./
s/^Each of these runs as :doc:`testing` says; those of the first column also under/These also run under/
s/^KASAN, lockdep and kmemleak (``make test-debug``)\./KASAN, lockdep and kmemleak./
s/^``selftests\/documentation.sh`` runs the examples\.$//
s/^``selftests\/access.c`` and ``selftests\/lockdown.sh`` test/``selftests\/access.c`` tests/
s/ ``selftests\/trace\.sh`` runs$//
/^these four with ``finject demo``/,/^first with/d
/^Two warp guests give the same/,/repeat\.sh/d
s/``selftests\//``tools\/testing\/selftests\/net\/finject\//g
