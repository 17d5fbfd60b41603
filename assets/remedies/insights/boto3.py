# Switches Contributor Insights off where it shows keys that are secrets. It keeps the most used keys in clear in CloudWatch,
# for whoever may read its rules and reports there.
# The keys were shown until now: what they open is to be ended or rotated besides, and the fix that follows moves them out of
# the key.
# Run it with python -i to see where it is on. Then call switch_off().
# Changes: with switch_off(), Contributor Insights of the table, or of the indexes, is off. Its rules in CloudWatch go.
# Costs: nothing, and what its rules cost ends.
# Can break: dashboards and alarms that are made of its rules.
# Verify: some minutes later state() shows DISABLED.
# Undo: update_contributor_insights with ENABLE.
import json

import boto3

TABLE = {{table_id:py}}
INDEXES = json.loads({{insights_index_list:py}})
client = boto3.client("dynamodb", region_name={{region:py}})


def switch_off() -> None:
{{?insights_of_table}}
    client.update_contributor_insights(TableName=TABLE, ContributorInsightsAction="DISABLE")
{{/}}
    for index in INDEXES:
        client.update_contributor_insights(TableName=TABLE, IndexName=index, ContributorInsightsAction="DISABLE")


def state() -> list[dict]:
    return client.list_contributor_insights(TableName=TABLE).get("ContributorInsightsSummaries", [])


if __name__ == "__main__":
    print(state())
