# Tells when somebody changes the policy, the encryption or the recovery of the table, or copies it out.
# It needs a trail that records management events in this Region: without one nothing is told.
# Changes: one rule of EventBridge with one target, and one metric of the log of the trail.
# Costs: nothing for the rule, events of AWS are free within the account. What the target and an alarm cost.
# Can break: nothing.
# Undo: remove-targets, then delete-rule, and delete-metric-filter.
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
region={{region:sh}}
(umask 077 && mkdir -p "$dir")

# 1. Which events. A table is named by its name or by its ARN in them.
(umask 077 && printf '%s\n' {{event_pattern:sh}} > "$dir/events.json")

# 2. Where they go: an SNS topic whose own policy lets events.amazonaws.com publish. A bus takes a RoleArn besides.
test -s "$dir/target.json" || (umask 077 && printf '%s\n' \
  '[{"Id":"on-call","Arn":"PUT-THE-TARGET-ARN-HERE"}]' \
  > "$dir/target.json")

# 3. Remove the leading colons and run, once the target is put in.
: in_account aws events put-rule --region="$region" --name={{rule_name:sh}} \
  --description='Tells PUT-THE-TARGET-ARN-HERE' --event-pattern=file://"$dir/events.json"
: in_account aws events put-targets --region="$region" --rule={{rule_name:sh}} \
  --targets=file://"$dir/target.json"

# 4. Where the trail records data events of the table and writes to CloudWatch Logs: count scans, for an alarm. Its log
# group is in the home Region of the trail. A read by PartiQL is an ExecuteStatement and not among them.
# Put both in, remove the leading colon and run.
(umask 077 && printf '%s\n' {{scan_pattern:sh}} > "$dir/scans.txt")
(umask 077 && printf '%s\n' > "$dir/metric.json" \
  '[{"metricName":"Scans","metricNamespace":"DynamoDBAudit","metricValue":"1"}]')
: in_account aws logs put-metric-filter \
  --region=PUT-THE-REGION-OF-THE-LOG-GROUP-HERE --log-group-name=PUT-THE-LOG-GROUP-HERE \
  --filter-name={{rule_name:sh}} --filter-pattern="$(cat "$dir/scans.txt")" \
  --metric-transformations=file://"$dir/metric.json"

# Verify: tag the table and take the tag away again, and wait for two messages.
aws events list-rules --region="$region" --name-prefix={{rule_name:sh}}
