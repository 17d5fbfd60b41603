# Makes a new DAX cluster that encrypts at rest and in transit.
# Neither can be changed on a cluster that exists.
# Old cluster: {{cache:note}}
# Do not change the old resource: Terraform would replace the cluster, and the clients lose it at once.
# Changes: one new cluster. The old one stays until you delete it.
# Costs: both clusters, as long as both run.
# Can break: clients that do not speak TLS. Their endpoint starts with daxs:// from then on.
# Verify: terraform plan shows one cluster to add, nothing to change or destroy.
# Undo: point the clients back at the old cluster, and take the resource out again.
resource "aws_dax_cluster" "encrypted" {
  cluster_name       = {{cache_new:hcl}}
  iam_role_arn       = {{cache_role:hcl}}
  node_type          = {{cache_node_type:hcl}}
  replication_factor = tonumber({{cache_nodes:hcl}})

  subnet_group_name  = {{cache_subnets:hcl}}
  security_group_ids = jsondecode({{cache_groups:hcl}})

  cluster_endpoint_encryption_type = "TLS"

  server_side_encryption {
    enabled = true
  }
}
