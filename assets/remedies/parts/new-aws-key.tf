# The new key is made with the AWS CLI or boto3: an aws_iam_access_key would leave its secret in the state.
