# A password in the clear: hash it now, and have its owner choose another one. Hashing is done by the application,
# not in a shell: see the boto3 and Django snippet. These commands only look.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: nothing by itself.
# Costs: nothing to speak of: one read.
# Can break: nothing by itself.
# Undo: nothing to undo here.
# {{exposure:note}}
{{>files.sh}}

# 1. See whether it is of a person or of a service. A password of a service is a credential: rotate it, and keep it in Secrets Manager.
{{>item.sh}}
{{>read.sh}}

# 2. Of a person: let logins check a slow hash, Argon2 or scrypt. Hash all that is there at once, not at the next login.

# 3. Force a reset: who could read it knows it, and it may be used elsewhere. Tell its owners.

{{>copies.txt}}
# Verify: scan the table again with dynaudit.
