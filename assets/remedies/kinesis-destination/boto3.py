# Ends the copying of changes into a Kinesis data stream. Ask its readers first: somebody wanted it.
# Changes: later changes no longer go there. What the data stream holds stays until its retention ends.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing, and what the copying cost ends.
# Can break: whoever reads the data stream gets nothing more.
# Verify: describe_kinesis_streaming_destination shows DISABLED.
# Undo: enable_kinesis_streaming_destination. What changes in between is not sent.
import boto3

TABLE = {{table_id:py}}
STREAM = {{kinesis_arn:py}}
dynamodb = boto3.client("dynamodb", region_name={{region:py}})


def stop() -> None:
    """Call this when the readers of the data stream agree."""
    dynamodb.disable_kinesis_streaming_destination(TableName=TABLE, StreamArn=STREAM)


print(dynamodb.describe_kinesis_streaming_destination(TableName=TABLE))
