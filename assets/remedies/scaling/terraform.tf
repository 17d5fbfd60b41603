# Lets provisioned capacity follow the load, between the capacity of today and ten times that.
# Changes: two scalable targets and two policies. The capacity changes by itself from then on.
# Costs: the capacity that is reached, nothing for the scaling itself.
# Can break: a plan that sets read_capacity and write_capacity: ignore changes of both in the table's resource.
# Verify: terraform plan shows four resources to add.
# Undo: remove the resources. The capacity stays what it is then.
locals {
  least = {
    Read  = tonumber({{capacity_read:hcl}})
    Write = tonumber({{capacity_write:hcl}})
  }
}

resource "aws_appautoscaling_target" "table" {
  for_each           = local.least
  service_namespace  = "dynamodb"
  resource_id        = {{scaling_resource:hcl}}
  scalable_dimension = "dynamodb:table:${each.key}CapacityUnits"
  min_capacity       = each.value
  max_capacity       = each.value * 10
}

resource "aws_appautoscaling_policy" "table" {
  for_each           = aws_appautoscaling_target.table
  name               = "${each.key}-at-70-percent"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 70
    predefined_metric_specification {
      predefined_metric_type = "DynamoDB${each.key}CapacityUtilization"
    }
  }
}
