# Lets provisioned capacity follow the load, between the capacity of today and ten times that, of the table and of each
# global index that has capacity of its own: an index that stays behind throttles the writes of its table.
# Table: {{table_arn:note}}
# An index that scales already has a target: take its lines out of scalable below.
# Changes: a scalable target and a policy for each line. The capacity changes by itself from then on.
# Costs: the capacity that is reached, at most ten times that of today, and the alarms of CloudWatch that each policy makes.
# Can break: a plan that sets read_capacity and write_capacity: ignore changes of both in the table's resource.
# Verify: terraform plan shows a target and a policy for each.
# Undo: remove the resources. The capacity stays what it is then.
locals {
  scalable = {{scaling_map:doc}}
}

resource "aws_appautoscaling_target" "table" {
  for_each           = local.scalable
  service_namespace  = "dynamodb"
  resource_id        = each.value.resource
  scalable_dimension = "dynamodb:${each.value.kind}:${each.value.what}CapacityUnits"
  min_capacity       = each.value.least
  max_capacity       = each.value.least * 10
}

resource "aws_appautoscaling_policy" "table" {
  for_each           = local.scalable
  name               = "${each.value.what}-at-70-percent"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.table[each.key].service_namespace
  resource_id        = aws_appautoscaling_target.table[each.key].resource_id
  scalable_dimension = aws_appautoscaling_target.table[each.key].scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 70
    predefined_metric_specification {
      predefined_metric_type = "DynamoDB${each.value.what}CapacityUtilization"
    }
  }
}
