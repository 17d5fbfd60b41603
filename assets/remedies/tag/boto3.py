# Tags the table, so that its owner and its environment can be seen. Only you know the value.
# Changes: one tag of the table. Other tags stay.
# Costs: nothing.
# Can break: policies that allow or deny by tags: look for aws:ResourceTag first.
# Verify: list_tags_of_resource.
# Undo: untag_resource.
import boto3

RESOURCE = {{table_arn:py}}
client = boto3.client("dynamodb", region_name={{region:py}})


def tag(value: str) -> None:
    """Call this with the value."""
    client.tag_resource(ResourceArn=RESOURCE, Tags=[{"Key": {{tag_key:py}}, "Value": value}])


if __name__ == "__main__":
    print(client.list_tags_of_resource(ResourceArn=RESOURCE))
