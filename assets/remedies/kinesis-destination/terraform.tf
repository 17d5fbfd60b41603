# The copying ends when its aws_dynamodb_kinesis_streaming_destination is taken out of the configuration.
# Ask who reads the data stream first: somebody wanted it. What something else than Terraform switched on is
# switched off there, or with the AWS CLI snippet.
# Table: {{table_id:note}}
# Data stream: {{kinesis_arn:note}}
# Changes: later changes no longer go there. What the data stream holds stays until its retention ends.
{{?global}}
# The table has replicas, and this is a setting of each Region by itself: do the same there, as the finding of each says.
{{/}}
# Costs: nothing, and what the copying cost ends.
# Can break: whoever reads the data stream gets nothing more.
# Verify: terraform plan shows one destination to destroy and nothing else.
# Undo: the resource as it was, from version control. What changes in between is not sent.
