# Takes the policy of the backup vault into Terraform as it is, to be edited there.
# The policy is one document: save all of it to vault-policy.json first, with the read step of the AWS CLI snippet.
# Changes: nothing on import; then what you edit in vault-policy.json.
# Costs: nothing.
# Can break: copies to and from other accounts that the policy let in.
# Verify: terraform plan right after the import shows no change.
# Undo: the file as it was, from version control.
import {
  to = aws_backup_vault_policy.this
  id = {{vault:hcl}}
}

resource "aws_backup_vault_policy" "this" {
  backup_vault_name = {{vault:hcl}}
  policy            = file("${path.module}/vault-policy.json")
}
