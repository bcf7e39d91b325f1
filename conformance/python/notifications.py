"""Alarms, topics and queues as boto3 uses them: a metric breaches, its alarm tells a topic, and the topic an HTTP subscriber and a queue."""

import http.server
import json
import queue
import threading
import time
import urllib.request
import uuid

import boto3

from outcome import finish, raises, step

run = uuid.uuid4().hex[:8]
sns = boto3.client("sns")
sqs = boto3.client("sqs")
cloudwatch = boto3.client("cloudwatch")
received = queue.Queue()


class Subscriber(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        received.put((self.headers, json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Subscriber)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = f"http://127.0.0.1:{server.server_port}/alarms"

with step("a topic: made twice, with attributes and tags"):
    topic = sns.create_topic(Name=f"alarms-{run}", Attributes={"DisplayName": "Alarms"}, Tags=[{"Key": "team", "Value": "ml"}])["TopicArn"]
    assert sns.create_topic(Name=f"alarms-{run}")["TopicArn"] == topic
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Alarms"
    assert topic in [each["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for each in page["Topics"]]
    raises(sns, "InvalidParameter", sns.create_topic, Name="has blanks")
    raises(sns, "NotFound", sns.publish, TopicArn=topic + "x", Message="m")

with step("an http subscriber confirms by the link"):
    assert sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint)["SubscriptionArn"] == "pending confirmation"
    headers, document = received.get(timeout=10)
    assert headers["x-amz-sns-message-type"] == document["Type"] == "SubscriptionConfirmation"
    assert urllib.request.urlopen(document["SubscribeURL"], timeout=10).status == 200
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert subscription["SubscriptionArn"].startswith(topic)

with step("a queue subscribes with a filter and gets what it asked for, with attributes"):
    url = sqs.create_queue(QueueName=f"work-{run}", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    assert sqs.get_queue_url(QueueName=f"work-{run}")["QueueUrl"] == url
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"kind": [{"prefix": "order"}], "amount": [{"numeric": [">=", 100]}]}
    attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy)}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    for kind, amount in [("order-placed", "99"), ("invoice", "100"), ("order-placed", "100")]:
        typed = {"kind": {"DataType": "String", "StringValue": kind}, "amount": {"DataType": "Number", "StringValue": amount}}
        sns.publish(TopicArn=topic, Message=f"{kind} {amount}", MessageAttributes=typed)
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    (message,) = answer["Messages"]
    assert message["Body"] == "order-placed 100"
    assert message["MessageAttributes"]["amount"] == {"StringValue": "100", "DataType": "Number"}
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert sorted(received.get(timeout=10)[1]["Message"] for _ in range(3)) == ["invoice 100", "order-placed 100", "order-placed 99"]

with step("queues: batches, long poll, dead letters, refusals"):
    dead = sqs.create_queue(QueueName=f"dead-{run}")["QueueUrl"]
    target = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["All"])["Attributes"]["QueueArn"]
    rule = json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 1})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": rule, "VisibilityTimeout": "0"})
    sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": f"m{n}"} for n in range(3)])
    assert len(sent["Successful"]) == 3
    assert len(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]) == 3
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    letters = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
    assert sorted(letter["Body"] for letter in letters) == ["m0", "m1", "m2"]
    raises(sqs, "AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName=f"absent-{run}")
    raises(sqs, "ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=url, ReceiptHandle="nonsense")

with step("an alarm of ten seconds tells the topic within fifteen"):
    metric = {"Namespace": f"app-{run}", "MetricName": "Errors"}
    cloudwatch.put_metric_alarm(
        AlarmName=f"errors-{run}", **metric, Statistic="Sum", Period=10, EvaluationPeriods=1, Threshold=0.5,
        ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching", AlarmActions=[topic],
    )
    breached = time.monotonic()
    cloudwatch.put_metric_data(Namespace=metric["Namespace"], MetricData=[{"MetricName": "Errors", "Value": 1, "StorageResolution": 1}])
    _, document = received.get(timeout=20)
    took = time.monotonic() - breached
    alarm = json.loads(document["Message"])
    assert document["Subject"].startswith(f'ALARM: "errors-{run}" in ')
    assert alarm["NewStateValue"] == "ALARM" and alarm["Trigger"]["MetricName"] == "Errors"
    assert took <= 15, f"{took:.1f} s"
    (described,) = cloudwatch.describe_alarms(AlarmNames=[f"errors-{run}"])["MetricAlarms"]
    assert described["StateValue"] == "ALARM" and "Threshold Crossed" in described["StateReason"]
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix="errors-", StateValue="ALARM")
    assert f"errors-{run}" in [each["AlarmName"] for page in pages for each in page["MetricAlarms"]]
    history = cloudwatch.describe_alarm_history(AlarmName=f"errors-{run}", HistoryItemType="Action")["AlarmHistoryItems"]
    assert history[0]["HistorySummary"] == f"Successfully executed action {topic}"

with step("alarms: an expression, a state that is set, deletion, refusals"):
    stat = {"Metric": metric, "Period": 60, "Stat": "p99"}
    queries = [{"Id": "m1", "MetricStat": stat, "ReturnData": False}, {"Id": "percent", "Expression": "m1 * 100"}]
    rule = {"EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold"}
    cloudwatch.put_metric_alarm(AlarmName=f"math-{run}", Metrics=queries, **rule)
    cloudwatch.set_alarm_state(AlarmName=f"math-{run}", StateValue="OK", StateReason="a drill")
    found = cloudwatch.describe_alarms_for_metric(**metric)["MetricAlarms"]
    assert [each["AlarmName"] for each in found] == [f"errors-{run}"]
    raises(cloudwatch, "ValidationError", cloudwatch.put_metric_alarm, AlarmName="wrong", **metric, Period=60, Statistic="Sum", **rule, AlarmActions=["arn:aws:lambda:x"])
    cloudwatch.delete_alarms(AlarmNames=[f"errors-{run}", f"math-{run}"])
    raises(cloudwatch, "ResourceNotFound", cloudwatch.set_alarm_state, AlarmName=f"math-{run}", StateValue="OK", StateReason="gone")

with step("what was made is deleted"):
    sns.delete_topic(TopicArn=topic)
    for each in (url, dead):
        sqs.delete_queue(QueueUrl=each)
    raises(sns, "NotFound", sns.list_subscriptions_by_topic, TopicArn=topic)

server.shutdown()
finish()
