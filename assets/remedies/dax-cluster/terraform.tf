# Makes a new DAX cluster that encrypts at rest and in transit.
# Neither can be changed on a cluster that exists.
# Old cluster: {{cache:note}}
# Do not change the old resource: Terraform would replace the cluster, and the clients lose it at once.
# Changes: one new cluster. The old one stays until you delete it.
# Costs: both clusters, as long as both run.
# Can break: clients that do not speak TLS. Their endpoint starts with daxs:// from then on.
# Verify: terraform plan shows one cluster to add, nothing to change or destroy.
# Undo: point the clients back at the old cluster, and take the resource out again.
locals {
  like_the_old_one = {
    node_type       = {{cache_node_type:hcl}}
    subnet_group    = {{cache_subnets:hcl}}
    security_groups = jsondecode({{cache_groups:hcl}})
    parameters      = {{cache_parameters:hcl}}
  }
}

resource "aws_dax_cluster" "encrypted" {
  cluster_name       = {{cache_new:hcl}}
  iam_role_arn       = {{cache_role:hcl}}
  node_type          = local.like_the_old_one.node_type
  replication_factor = tonumber({{cache_nodes:hcl}})

  subnet_group_name    = local.like_the_old_one.subnet_group
  security_group_ids   = local.like_the_old_one.security_groups
  parameter_group_name = local.like_the_old_one.parameters

  cluster_endpoint_encryption_type = "TLS"

  server_side_encryption {
    enabled = true
  }

  lifecycle {
    precondition {
      condition     = !strcontains(jsonencode(local.like_the_old_one), "PUT-")
      error_message = "Put in what ends in HERE first."
    }
  }
}
