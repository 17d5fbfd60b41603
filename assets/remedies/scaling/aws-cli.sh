# Lets provisioned capacity follow the load, between the capacity of today and ten times that, of the table and of each
# global index that has capacity of its own: an index that stays behind throttles the writes of its table.
# Changes: with step 1, two scalable targets and two policies for each. The capacity changes by itself from then on.
# Costs: the capacity that is reached, at most ten times that of today, and the alarms of CloudWatch that each policy makes.
# Can break: nothing, a burst that is faster than some minutes is still throttled.
# Undo: deregister-scalable-target for each of them. The capacity stays what it is then.
region={{region:sh}}
scale() {
  printf '%s\n' {{scaling_lines:words}} | while read -r resource kind what least; do
    # What scales already keeps its limits and its policy.
    targets=$(aws application-autoscaling describe-scalable-targets --region="$region" \
      --service-namespace=dynamodb --resource-ids="$resource" \
      --scalable-dimension="dynamodb:$kind:${what}CapacityUnits" \
      --query='length(ScalableTargets)' --output=text < /dev/null) || return 1
    policies=$(aws application-autoscaling describe-scaling-policies --region="$region" \
      --service-namespace=dynamodb --resource-id="$resource" \
      --scalable-dimension="dynamodb:$kind:${what}CapacityUnits" \
      --query='length(ScalingPolicies)' --output=text < /dev/null) || return 1
    [ "$targets" != 0 ] || aws application-autoscaling register-scalable-target --region="$region" \
      --service-namespace=dynamodb --resource-id="$resource" \
      --scalable-dimension="dynamodb:$kind:${what}CapacityUnits" \
      --min-capacity="$least" --max-capacity="$((least * 10))" < /dev/null || return 1
    [ "$policies" != 0 ] || aws application-autoscaling put-scaling-policy --region="$region" \
      --service-namespace=dynamodb --resource-id="$resource" \
      --scalable-dimension="dynamodb:$kind:${what}CapacityUnits" \
      --policy-name="${what}-at-70-percent" --policy-type=TargetTrackingScaling \
      --target-tracking-scaling-policy-configuration="$(printf '%s%s%s' \
      '{"TargetValue":70,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDB' \
      "$what" 'CapacityUtilization"}}')" < /dev/null || return 1
  done
}

# 1. Remove the leading colon and run.
: in_account scale

# Verify:
aws application-autoscaling describe-scaling-policies --region="$region" \
  --service-namespace=dynamodb --query='ScalingPolicies[].[ResourceId,ScalableDimension,PolicyName]'
