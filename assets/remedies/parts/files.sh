# Files are for you alone, in a directory of this finding. For another item use another directory name here.
dir={{dir:sh}}
table={{table_id:sh}}
region={{region:sh}}
{{>directory.sh}}
