# A key or seed phrase of a wallet has no issuer who could revoke it: whoever has read it can spend. Move the funds.
# Never take it out of the item before they have arrived: they would be lost with it.
# Attribute: {{path:note}} in table {{table:note}}
# {{found:note}}
# Changes: nothing but the item, and that only with the last step.
# Costs: the fees of the transfer, and one write.
# Can break: whatever pays from the old wallet. Give it the new address, and a key in KMS or in a hardware module.
# Undo: write the attribute again from old.json.
# {{exposure:note}}
{{>files.sh}}

# 1. Make a new wallet whose key was never here: in a hardware module, in KMS with ECC_SECG_P256K1, or offline.

# 2. Move all funds, tokens and roles of contracts to it. At once: others may be faster.

# 3. Wait until the transfers are final, and look at the old address once more: what arrives later goes there, too.

# 4. Keep a copy of the old key for 30 days in Secrets Manager, for what still arrives: secret-to-keep does that.

# 5. What is there now goes into old.json, once.
{{>item.sh}}
{{>read.sh}}
{{>take-out.sh}}

# 7. Delete the directory of this finding, its files hold secrets.
{{>copies.txt}}
# Verify: the old address is empty, and scan the table again with dynaudit.
