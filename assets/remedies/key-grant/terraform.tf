# A grant that Terraform made ends when its aws_kms_grant is taken out of the configuration.
# A grant that something else made is revoked there, or with the AWS CLI snippet: Terraform never ends it.
# Key: {{key_arn:note}}
# Changes: one grant ends, and some minutes later its holder can no longer use the key by it.
# Costs: nothing.
# Can break: whoever works by the grant. CloudTrail shows who used the key.
# Verify: terraform plan shows one grant to destroy and nothing else.
# Undo: the resource as it was, from version control.
