# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
# What somebody else made under that name is not used.
(umask 077 && mkdir -p "$dir")
test -O "$dir" && chmod 700 "$dir" || dir=/dev/null/is-not-yours
