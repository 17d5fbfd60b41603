{{>keys.py}}


{{>read.py}}
