# Makes a new DAX cluster that encrypts at rest and in transit.
# Neither can be changed on a cluster that exists.
# Changes: one new cluster. The old one stays until you delete it.
# Costs: both clusters, as long as both run.
# Can break: clients that do not speak TLS. Their endpoint starts with daxs:// from then on.
# Undo: point the clients back at the old cluster, and delete the new one.
# Files are for you alone, in a directory of this finding. What was read first is never written over: for
# another change, on another day, use another directory name here.
dir={{dir:sh}}
region={{region:sh}}
role={{cache_role:sh}}
{{>directory.sh}}

# 1. Read how the old cluster is made: node type, nodes, subnet group, security groups, parameters.
test -s "$dir/cluster.before.json" || (umask 077 && \
  aws dax describe-clusters --region="$region" --cluster-names={{cache_names:sh}} \
  --output=json > "$dir/cluster.part" && \
  test -s "$dir/cluster.part" && mv "$dir/cluster.part" "$dir/cluster.before.json")

# 2. Make the new one, with what is named above. Tags, the maintenance window, notifications and zones are in
# cluster.before.json: add what you need. Remove the leading colon and run.
: in_account aws dax create-cluster --region="$region" --cluster-name={{cache_new:sh}} \
  --node-type={{cache_node_type:sh}} --replication-factor={{cache_nodes:sh}} \
  --iam-role-arn="$role" --subnet-group-name={{cache_subnets:sh}} \
  --security-group-ids={{cache_groups:sh}} --parameter-group-name={{cache_parameters:sh}} \
  --sse-specification=Enabled=true --cluster-endpoint-encryption-type=TLS

# 3. Point the clients at the new endpoint. Delete the old cluster once nothing uses it.

# Verify:
aws dax describe-clusters --region="$region"
