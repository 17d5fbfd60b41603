# Tells when somebody changes the policy, the encryption or the recovery of the table, or copies it out.
# It needs a trail that records management events in this Region: without one nothing is told.
{{?of_all_tables}}
# A pattern has room for 2048 characters, and the names need more: the rule tells of all tables of the account.
{{/}}
# Nor does it tell of AWS Backup: its jobs, StartCopyJob and StartRestoreJob among them, are events of aws.backup.
# Changes: a rule of EventBridge with one target, another for the trail{{?own_key}}, a third for the key{{/}},
# one metric of the log of the trail, one alarm.
# Costs: nothing for rules, events of AWS are free within the account. 0.30 USD a month for the metric once it counts, 0.10 USD
# for the alarm, and what the target costs.
# Can break: nothing.
# Undo: remove-targets, then delete-rule, delete-alarms, and delete-metric-filter.
# Files are for you alone, in a directory of this finding.
dir={{dir:sh}}
region={{region:sh}}
{{>directory.sh}}

# 1. Which events. A table is named by its name or by its ARN in them.
(umask 077 && printf '%s\n' {{event_pattern:sh}} > "$dir/events.json")

# 2. Where they go: an SNS topic whose own policy lets events.amazonaws.com publish. A bus takes a RoleArn besides. An
# encrypted topic has a customer key that lets events.amazonaws.com and cloudwatch.amazonaws.com use it, or drops messages.
test -s "$dir/target.json" || (umask 077 && printf '%s\n' \
  '[{"Id":"on-call","Arn":"PUT-THE-TARGET-ARN-HERE"}]' \
  > "$dir/target.json")

# 3. Remove the leading colons and run, once the target is put in.
: in_account aws events put-rule --region="$region" --name={{rule_name:sh}} \
  --description='Tells PUT-THE-TARGET-ARN-HERE' --event-pattern=file://"$dir/events.json"
: in_account aws events put-targets --region="$region" --rule={{rule_name:sh}} \
  --targets=file://"$dir/target.json"

{{?own_key}}
# The same for the key of the table: that it is disabled, is to be deleted, or is opened by its policy or a grant. A trail that leaves
# out the events of KMS tells nothing of it.
(umask 077 && printf '%s\n' {{key_pattern:sh}} > "$dir/key-events.json")
: in_account aws events put-rule --region="$region" --name={{key_rule_name:sh}} \
  --description='Tells PUT-THE-TARGET-ARN-HERE' --event-pattern=file://"$dir/key-events.json"
: in_account aws events put-targets --region="$region" --rule={{key_rule_name:sh}} \
  --targets=file://"$dir/target.json"

{{/}}
# The same for the trail: that it is stopped or records less. Without it nothing else is told. It tells of trails whose home
# is this Region.
(umask 077 && printf '%s\n' {{trail_pattern:sh}} > "$dir/trail-events.json")
: in_account aws events put-rule --region="$region" --name={{trail_rule_name:sh}} \
  --description='Tells PUT-THE-TARGET-ARN-HERE' --event-pattern=file://"$dir/trail-events.json"
: in_account aws events put-targets --region="$region" --rule={{trail_rule_name:sh}} \
  --targets=file://"$dir/target.json"

# 4. Where the trail records data events of the table and writes to CloudWatch Logs: count scans, for an alarm. Its log
# group is in the home Region of the trail. GetItem, Query, GetRecords and reads through DAX are not among them, and a read by
# PartiQL is an ExecuteStatement.
# Put both in, remove the leading colon and run.
(umask 077 && printf '%s\n' {{scan_pattern:sh}} > "$dir/scans.txt")
metric={{scans_name:sh}}
(umask 077 && printf '[{"metricName":"%s","metricNamespace":"DynamoDBAudit","metricValue":"1"}]\n' \
  "$metric" > "$dir/metric.json")
: in_account aws logs put-metric-filter \
  --region=PUT-THE-REGION-OF-THE-LOG-GROUP-HERE --log-group-name=PUT-THE-LOG-GROUP-HERE \
  --filter-name="$metric" --filter-pattern="$(cat "$dir/scans.txt")" \
  --metric-transformations=file://"$dir/metric.json"

# 5. An alarm that goes off with the first scan. Where scans are usual, put their number in five minutes for the threshold.
# The topic is in the Region of the log group, and its own policy lets cloudwatch.amazonaws.com publish.
: in_account aws cloudwatch put-metric-alarm --region=PUT-THE-REGION-OF-THE-LOG-GROUP-HERE \
  --alarm-name="$metric" --namespace=DynamoDBAudit --metric-name="$metric" \
  --statistic=Sum --period=300 --evaluation-periods=1 --threshold=0 \
  --comparison-operator=GreaterThanThreshold --treat-missing-data=notBreaching \
  --alarm-actions=PUT-THE-TOPIC-OF-THE-ALARM-HERE

# Verify: tag the table and take the tag away again, and wait for two messages.
aws events list-rules --region="$region" --name-prefix={{rule_name:sh}}
