# Ends the copying of changes into a Kinesis data stream. Ask its readers first: somebody wanted it.
# Changes: later changes no longer go there. What the data stream holds stays until its retention ends.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing, and what the copying cost ends.
# Can break: whoever reads the data stream gets nothing more.
# Undo: enable-kinesis-streaming-destination with the same names. What changes in between is not sent.
table={{table_id:sh}}
stream={{kinesis_arn:sh}}
region={{region:sh}}

# When its readers agree, remove the colon.
: in_account aws dynamodb disable-kinesis-streaming-destination --region="$region" \
  --table-name="$table" --stream-arn="$stream"

# Verify:
aws dynamodb describe-kinesis-streaming-destination --region="$region" --table-name="$table"
