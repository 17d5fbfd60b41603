# Makes a new DAX cluster that encrypts at rest and in transit.
# Neither can be changed on a cluster that exists.
# Changes: one new cluster. The old one stays until you delete it.
# Costs: both clusters, as long as both run.
# Can break: clients that do not speak TLS. Their endpoint starts with daxs:// from then on.
# Verify: describe_clusters shows SSEDescription ENABLED and ClusterEndpointEncryptionType TLS.
# Undo: point the clients back at the old cluster, and delete the new one.
import boto3

OLD = {{cache:py}}
dax = boto3.client("dax", region_name={{region:py}})


def replace(new_name: str = {{cache_new:py}}) -> None:
    """Like the old one, but for tags, the maintenance window, notifications and zones. Delete the old one once nothing uses it."""
    old = dax.describe_clusters(ClusterNames=[OLD])["Clusters"][0]
    dax.create_cluster(
        ClusterName=new_name,
        NodeType=old["NodeType"],
        ReplicationFactor=old["TotalNodes"],
        IamRoleArn=old["IamRoleArn"],
        SubnetGroupName=old["SubnetGroup"],
        SecurityGroupIds=[group["SecurityGroupIdentifier"] for group in old["SecurityGroups"]],
        ParameterGroupName=old["ParameterGroup"]["ParameterGroupName"],
        SSESpecification={"Enabled": True},
        ClusterEndpointEncryptionType="TLS",
    )


if __name__ == "__main__":
    print(dax.describe_clusters(ClusterNames=[OLD]))
