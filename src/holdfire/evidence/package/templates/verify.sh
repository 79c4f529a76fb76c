#!/bin/sh
# Checks a package with public tools alone: sha256sum (or shasum), openssl, and bagit.py where it is there.
#   sh verify.sh [FOLDER]
# It reads, and changes nothing. One line for each check; exit 0 when all are right, 1 when one is not.
# It cannot vouch for itself: whoever changed the package may have changed it too. Use a copy that you had before,
# or type its commands by hand: VERIFY.txt has them.
set -u
LC_ALL=C
export LC_ALL
unset CDPATH
folder=${1:-$(dirname -- "$0")}
cd -- "$folder" || exit 1
bad=0
ok() { printf 'ok  %s\n' "$1"; }
no() {
    printf 'NO  %s\n' "$1"
    bad=1
}
end() {
    if [ "$bad" = 0 ]; then
        echo 'Nothing was changed since this package was made. That does not show who made it, nor that it is true.'
        exit 0
    fi
    echo 'This package is NOT as it was made. Keep it as it is, and ask for another copy.'
    exit 1
}
if command -v sha256sum >/dev/null 2>&1; then
    sums() { sha256sum "$@"; }
else
    sums() { shasum -a 256 "$@"; }
fi

# 1. Only plain files under plain names: after this, no name below can be more than a name.
strange=$(find . ! -type f ! -type d -o -name '*[!A-Za-z0-9._-]*' | head -n 1)
folders=$(find . -type d ! -path . ! -path ./custody ! -path ./data ! -path ./records ! -path ./stamps | head -n 1)
if [ -n "$strange$folders" ]; then
    no 'something stands here that no package has: a folder, a link, a device, or a strange name'
    end
fi
for name in manifest-sha256.txt tagmanifest-sha256.txt package.sig KEY.pem; do
    if [ ! -f "$name" ]; then
        no "$name is missing"
        end
    fi
done
if [ "$(cat manifest-sha256.txt tagmanifest-sha256.txt | tr -d 'a-zA-Z0-9._/ \n-' | wc -c)" -ne 0 ]; then
    no 'a list of files is not written as it must be'
    end
fi
odd=$(grep -Ev '^[0-9a-f]{64}  [A-Za-z0-9._/-]+$' manifest-sha256.txt tagmanifest-sha256.txt | head -c 1)
up=$(grep -E '^.{66}(/|.*//|(.*/)?[.]+(/|$))' manifest-sha256.txt tagmanifest-sha256.txt | head -c 1)
if [ -n "$odd$up" ]; then
    no 'a list of files is not written as it must be'
    end
fi
ok 'plain files under plain names'

# 2. The list of files is signed by the key of this package.
signed() { openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$3" >/dev/null 2>&1; }
if signed KEY.pem tagmanifest-sha256.txt package.sig; then
    ok 'the list of files is signed by KEY.pem'
else
    no 'package.sig is not the signature of tagmanifest-sha256.txt under KEY.pem'
fi

# 3. What is listed is there, once, and nothing else; each SHA-256 is right.
there=$(find . -type f | sed 's|^[.]/||' | sort)
listed=$({
    sed 's/^.\{66\}//' manifest-sha256.txt tagmanifest-sha256.txt
    printf '%s\n' tagmanifest-sha256.txt package.sig
} | sort)
if [ "$there" = "$listed" ]; then
    ok 'no file is missing, none was added'
else
    no 'the files that are here are not the files that are listed'
fi
for list in tagmanifest-sha256.txt manifest-sha256.txt; do
    # A file called "-" would be waited for at the terminal.
    if sums -c "$list" </dev/null >/dev/null 2>&1; then
        ok "every SHA-256 in $list is right"
    else
        no "not every SHA-256 in $list is right:"
        sums -c "$list" </dev/null 2>/dev/null | grep -v ': OK$'
    fi
done

# 4. Each custody log: its last head is signed, it is the one the extract begins with, and it speaks of this file.
# A last line without its end is a line too.
while read -r sum data || [ -n "$sum" ]; do
    item=${data##*/}
    item=${item%%.*}
    log=custody/$item
    if signed "$log.KEY.pem" "$log.head.json" "$log.head.sig"; then
        ok "$item: the head of its custody log is signed"
    else
        no "$item: the signature of its custody log is wrong"
    fi
    head=$(sed -n '1s/^.*"head":"\(.*\)","signature":.*$/\1/p' "$log.jsonl" 2>/dev/null | sed 's/\\"/"/g')
    if [ -n "$head" ] && [ "$head" = "$(cat "$log.head.json" 2>/dev/null)" ]; then
        ok "$item: the custody log shown is the one that was signed"
    else
        no "$item: the custody log shown is not the one that was signed"
    fi
    if grep -q "hash_after[^0-9a-f]*$sum" "$log.jsonl" 2>/dev/null; then
        ok "$item: the custody log names the SHA-256 of this very file"
    else
        no "$item: the custody log does not name the SHA-256 of this file"
    fi
done <manifest-sha256.txt

# 5. BagIt's own program, where it is there.
if command -v bagit.py >/dev/null 2>&1; then
    if bagit.py --validate . >/dev/null 2>&1; then
        ok 'bagit.py finds the folder valid'
    else
        no 'bagit.py does not find the folder valid'
    fi
fi
if [ -d stamps ]; then
    echo '    There are time stamps; VERIFY.txt says how openssl checks them.'
fi
echo '    Compare this with the fingerprint that you were given by another way, not with one in the package:'
printf '    %s\n' "$(sums <KEY.pem | sed 's/ .*//; s/......../& /g')"
end
