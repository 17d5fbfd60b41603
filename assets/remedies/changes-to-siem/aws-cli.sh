# Tells a SIEM of each change of an item, by a pipe from the stream to a bus of EventBridge.
# The bus is the one that the SIEM listens to, in this account or in the one of security.
# Only what kind of change it was{{?in_key}}{{:}} and the key of the item{{/}} go on: the items stay where they are.
# Changes: one pipe, which reads the stream by a role of its own.
# Costs: 0.40 USD for a million records, and what the bus and the SIEM cost.
# Can break: a stream serves two readers well. A third one can slow the others down.{{?in_key}}{{:}}
# Where the key of an item is itself a secret, take it out of what goes on.{{/}}
# Undo: delete-pipe.
# The role lets pipes.amazonaws.com read this stream and put events on that bus, and nothing else.
dir={{dir:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. What goes on.
(umask 077 && printf '%s\n' {{pipe_target:doc}} > "$dir/pipe.json")

# 2. Who reads the stream today.
aws lambda list-event-source-mappings --region="$region" \
  --event-source-arn={{stream_arn:sh}} --query='EventSourceMappings[].FunctionArn'

# 3. Put the role and the bus in, remove the leading colon and run.
: in_account aws pipes create-pipe --region="$region" --name={{rule_name:sh}} \
  --role-arn=PUT-THE-ROLE-ARN-HERE --target=PUT-THE-BUS-ARN-HERE \
  --source={{stream_arn:sh}} \
  --source-parameters='{"DynamoDBStreamParameters":{"StartingPosition":"LATEST"}}' \
  --target-parameters=file://"$dir/pipe.json"

# Verify: change a test item, and look for its event on the bus.
aws pipes list-pipes --region="$region" --name-prefix={{rule_name:sh}}
