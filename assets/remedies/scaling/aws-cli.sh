# Lets provisioned capacity follow the load, between the capacity of today and ten times that.
# Changes: two scalable targets and two policies. The capacity changes by itself from then on.
# Costs: the capacity that is reached, nothing for the scaling itself.
# Can break: nothing, a burst that is faster than some minutes is still throttled.
# Undo: deregister-scalable-target for both dimensions. The capacity stays what it is then.
region={{region:sh}}
resource={{scaling_resource:sh}}

for what in Read Write; do
  case "$what" in Read) least={{capacity_read:sh}} ;; *) least={{capacity_write:sh}} ;; esac
  in_account aws application-autoscaling register-scalable-target --region="$region" \
    --service-namespace=dynamodb --resource-id="$resource" \
    --scalable-dimension="dynamodb:table:${what}CapacityUnits" \
    --min-capacity="$least" --max-capacity="$((least * 10))"
  in_account aws application-autoscaling put-scaling-policy --region="$region" \
    --service-namespace=dynamodb --resource-id="$resource" \
    --scalable-dimension="dynamodb:table:${what}CapacityUnits" \
    --policy-name="${what}-at-70-percent" --policy-type=TargetTrackingScaling \
    --target-tracking-scaling-policy-configuration="$(printf '%s%s%s' \
    '{"TargetValue":70,"PredefinedMetricSpecification":{"PredefinedMetricType":"DynamoDB' \
    "$what" 'CapacityUtilization"}}')"
done

# Verify:
aws application-autoscaling describe-scaling-policies --region="$region" \
  --service-namespace=dynamodb --resource-id="$resource"
