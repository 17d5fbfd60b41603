# Tells a SIEM of each change of an item, by a pipe from the stream to a bus of EventBridge.
# The bus is of this account and Region. A rule of it sends on what is for a bus in the account of security.
# Only what kind of change it was{{?in_key}}{{:}} and the key of the item{{/}} go on: the items stay where they are.
{{?has_stream}}
# Changes: one pipe, which reads the stream by a role of its own.
{{:}}
# The table has no stream: step 1 switches one on, which is a setting of the table and a copy of its keys for 24 hours.
# Changes: the stream of the table, and one pipe, which reads it by a role of its own.
{{/}}
# Costs: 0.40 USD for a million records, what the bus and the SIEM cost, and reads of the stream beyond 2.5 million a
# month. It is for this table: each other one needs a pipe of its own.
# Can break: a stream serves {{?global}}one reader{{:}}two readers{{/}} well. One more can slow the others down.{{?in_key}}{{:}}
# Where the key of an item is itself a secret, take it out of what goes on.{{/}}
# Undo: delete-pipe{{?has_stream}}{{:}}, then update-table with StreamEnabled=false{{/}}.
# The role lets pipes.amazonaws.com read this stream and put events on that bus, and nothing else{{?customer_key}}, and
# decrypt with the key of the table{{/}}. What cannot be sent within an hour, or by ten
# attempts, is left out: give the pipe a queue for that, DeadLetterConfig, where nothing may be missing.
dir={{dir:sh}}
region={{region:sh}}
{{>directory.sh}}

{{?has_stream}}
stream={{stream_arn:sh}}
{{:}}
# 1. Switch the stream on: remove the leading colon and run. Its view KEYS_ONLY copies no attributes of items.
{{?global}}
# A table with replicas and no stream is one of strong consistency: there a stream can be switched on.
{{/}}
table={{table_id:sh}}
: in_account aws dynamodb update-table --region="$region" --table-name="$table" \
  --stream-specification=StreamEnabled=true,StreamViewType=KEYS_ONLY
stream=$(aws dynamodb describe-table --region="$region" --table-name="$table" \
  --query=Table.LatestStreamArn --output=text)

{{/}}
# {{?has_stream}}1{{:}}2{{/}}. What goes on.
(umask 077 && printf '%s\n' {{pipe_target:doc}} > "$dir/pipe.json")

# {{?has_stream}}2{{:}}3{{/}}. Who reads the stream today.
aws lambda list-event-source-mappings --region="$region" \
  --event-source-arn="$stream" --query='EventSourceMappings[].FunctionArn'

# {{?has_stream}}3{{:}}4{{/}}. Put the role and the bus in, remove the leading colon and run.
: in_account aws pipes create-pipe --region="$region" --name={{rule_name:sh}} \
  --role-arn=PUT-THE-ROLE-ARN-HERE --target=PUT-THE-BUS-ARN-HERE \
  --source="$stream" \
  --source-parameters='{"DynamoDBStreamParameters":{"StartingPosition":"LATEST",'\
'"BatchSize":10,"MaximumRetryAttempts":10,"MaximumRecordAgeInSeconds":3600}}' \
  --target-parameters=file://"$dir/pipe.json"

# Verify: change a test item, and look for its event on the bus.
aws pipes list-pipes --region="$region" --name-prefix={{rule_name:sh}}
