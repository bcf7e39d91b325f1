"""DynamoDB as boto3 uses it: the table resource, the client, and the expression examples of the developer guide."""

import concurrent.futures
import decimal
import uuid

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from outcome import finish, raises, step

run = uuid.uuid4().hex[:8]
resource = boto3.resource("dynamodb")
client = boto3.client("dynamodb")
catalog_name = f"ProductCatalog-{run}"
D = decimal.Decimal

bicycle = {
    "Id": 123,
    "Title": "Bicycle 123",
    "Description": "123 description",
    "BicycleType": "Hybrid",
    "Brand": "Brand-Company C",
    "Price": 500,
    "Color": {"Red", "Black"},
    "ProductCategory": "Bicycle",
    "InStock": True,
    "QuantityOnHand": None,
    "RelatedItems": [341, 472, 649],
    "Pictures": {
        "FrontView": "http://example.com/products/123_front.jpg",
        "RearView": "http://example.com/products/123_rear.jpg",
        "SideView": "http://example.com/products/123_left_side.jpg",
    },
    "ProductReviews": {
        "FiveStar": ["Excellent! Can't recommend it highly enough! Buy it!", "Do yourself a favor and buy this."],
        "OneStar": ["Terrible product! Do not buy this."],
    },
    "Comment": "This product sells out quickly during the summer",
    "Safety.Warning": "Always wear a helmet",
}

with step("a table: created, waited for, described, listed, tagged"):
    catalog = resource.create_table(
        TableName=catalog_name,
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        Tags=[{"Key": "team", "Value": "ml"}],
    )
    catalog.wait_until_exists()
    assert catalog.table_status == "ACTIVE"
    assert catalog_name in [table.name for table in resource.tables.all()]
    assert client.list_tags_of_resource(ResourceArn=catalog.table_arn)["Tags"] == [{"Key": "team", "Value": "ml"}]
    raises(client, "ResourceInUseException", client.create_table, TableName=catalog_name,
           KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
           AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}], BillingMode="PAY_PER_REQUEST")

with step("an item of every type, there and back"):
    catalog.put_item(Item={**bicycle, "Blob": b"\x00\xff", "Exact": D("0.1234567890123456789012345678901234567"), "Bytes": {b"a", b"b"}})
    item = catalog.get_item(Key={"Id": 123}, ConsistentRead=True)["Item"]
    assert item["Exact"] == D("0.1234567890123456789012345678901234567")
    assert item["Blob"].value == b"\x00\xff" and item["Color"] == {"Red", "Black"} and item["QuantityOnHand"] is None
    assert item["RelatedItems"] == [341, 472, 649]
    catalog.put_item(Item=bicycle)
    assert catalog.get_item(Key={"Id": 123})["Item"] == bicycle


def projected(expression, names=None):
    return catalog.get_item(Key={"Id": 123}, ProjectionExpression=expression, **({"ExpressionAttributeNames": names} if names else {}))["Item"]


with step("guide: projection expressions"):
    assert projected("Description") == {"Description": "123 description"}
    assert projected("Description, RelatedItems[0], ProductReviews.FiveStar") == {
        "Description": "123 description", "RelatedItems": [341], "ProductReviews": {"FiveStar": bicycle["ProductReviews"]["FiveStar"]}}
    assert projected("#sw", {"#sw": "Safety.Warning"}) == {"Safety.Warning": "Always wear a helmet"}
    assert projected("#pr.#1star", {"#pr": "ProductReviews", "#1star": "OneStar"}) == {"ProductReviews": {"OneStar": ["Terrible product! Do not buy this."]}}
    raises(client, "ValidationException", client.get_item, TableName=catalog_name, Key={"Id": {"N": "123"}}, ProjectionExpression="Comment")


def updated(expression, values=None, names=None, returned="ALL_NEW"):
    more = {"ExpressionAttributeValues": values} if values else {}
    more |= {"ExpressionAttributeNames": names} if names else {}
    return catalog.update_item(Key={"Id": 123}, UpdateExpression=expression, ReturnValues=returned, **more)["Attributes"]


with step("guide: update expressions"):
    item = updated("SET Price = :p, RelatedItems[1] = :ri, #pr.#5star[1] = :r5, #pr.#3star = :r3",
                   {":p": 650, ":ri": 999, ":r5": "Very happy with my purchase", ":r3": ["Just OK - not that great"]},
                   {"#pr": "ProductReviews", "#5star": "FiveStar", "#3star": "ThreeStar"})
    assert item["Price"] == 650 and item["RelatedItems"] == [341, 999, 649]
    assert item["ProductReviews"]["FiveStar"][1] == "Very happy with my purchase" and item["ProductReviews"]["ThreeStar"] == ["Just OK - not that great"]
    assert updated("SET Price = Price - :p", {":p": 15}, returned="UPDATED_NEW") == {"Price": 635}
    assert updated("SET #ri = list_append(:vals, #ri)", {":vals": [1, 2]}, {"#ri": "RelatedItems"})["RelatedItems"] == [1, 2, 341, 999, 649]
    assert updated("SET Price = if_not_exists(Price, :p)", {":p": 1})["Price"] == 635
    assert "InStock" not in updated("REMOVE Brand, InStock, QuantityOnHand")
    assert updated("REMOVE RelatedItems[1], RelatedItems[2]")["RelatedItems"] == [1, 999, 649]
    assert updated("ADD QuantityOnHand :q", {":q": 5})["QuantityOnHand"] == 5
    assert updated("ADD QuantityOnHand :q", {":q": 5})["QuantityOnHand"] == 10
    assert updated("ADD Color :c", {":c": {"Orange", "Purple"}})["Color"] == {"Red", "Black", "Orange", "Purple"}
    assert updated("DELETE Color :c", {":c": {"Orange", "Purple"}})["Color"] == {"Red", "Black"}
    try:
        updated("SET Price = Price + :p", {":p": "text"})
        raise AssertionError("a text was added to a number")
    except ClientError as error:
        assert "Incorrect operand type for operator or function; operator or function: +, operand type: S" in str(error)

with step("guide: condition expressions"):
    catalog.put_item(Item={"Id": 456, "ProductCategory": "Sporting Goods", "Price": 650})
    key = {"Id": 456}
    conditional = dict(Key=key, ConditionExpression="(ProductCategory IN (:cat1, :cat2)) and (Price between :lo and :hi)",
                       ExpressionAttributeValues={":cat1": "Sporting Goods", ":cat2": "Gardening Supplies", ":lo": 500, ":hi": 600})
    try:
        catalog.delete_item(**conditional)
        raise AssertionError("the condition does not hold")
    except client.exceptions.ConditionalCheckFailedException as error:
        assert error.response["Error"]["Message"] == "The conditional request failed"
    conditional["ExpressionAttributeValues"][":hi"] = 700
    catalog.delete_item(**conditional)
    assert "Item" not in catalog.get_item(Key=key)
    catalog.put_item(Item=key, ConditionExpression=Attr("Id").not_exists())
    error = raises(client, "ConditionalCheckFailedException", client.put_item, TableName=catalog_name, Item={"Id": {"N": "456"}},
                   ConditionExpression="attribute_not_exists(Id)", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert error["Item"] == {"Id": {"N": "456"}}

with step("a hundred increments at once are a hundred"):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.update_item(TableName=catalog_name, Key={"Id": {"N": "1"}}, UpdateExpression="ADD Hits :one",
                                                   ExpressionAttributeValues={":one": {"N": "1"}}), range(100)))
    assert catalog.get_item(Key={"Id": 1})["Item"]["Hits"] == 100

with step("indexes, queries by key conditions and filters, paginated"):
    thread = resource.create_table(
        TableName=f"Thread-{run}",
        KeySchema=[{"AttributeName": "ForumName", "KeyType": "HASH"}, {"AttributeName": "Subject", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in
                              [("ForumName", "S"), ("Subject", "S"), ("LastPost", "S"), ("Views", "N")]],
        LocalSecondaryIndexes=[{"IndexName": "LastPostIndex", "Projection": {"ProjectionType": "KEYS_ONLY"},
                                "KeySchema": [{"AttributeName": "ForumName", "KeyType": "HASH"}, {"AttributeName": "LastPost", "KeyType": "RANGE"}]}],
        GlobalSecondaryIndexes=[{"IndexName": "ViewsIndex", "Projection": {"ProjectionType": "ALL"},
                                 "KeySchema": [{"AttributeName": "Views", "KeyType": "HASH"}]}],
        BillingMode="PAY_PER_REQUEST",
    )
    thread.wait_until_exists()
    with thread.batch_writer() as batch:
        for number in range(120):
            batch.put_item(Item={"ForumName": "S3", "Subject": f"Thread {number:03}", "LastPost": f"2026-{119 - number:03}", "Views": number % 10, "Text": "x" * 20_000})
    assert thread.query(KeyConditionExpression=Key("ForumName").eq("S3") & Key("Subject").begins_with("Thread 01"))["Count"] == 10
    assert thread.query(KeyConditionExpression=Key("ForumName").eq("S3") & Key("Subject").between("Thread 005", "Thread 007"),
                        ScanIndexForward=False, ProjectionExpression="Subject")["Items"] == [{"Subject": f"Thread 00{n}"} for n in (7, 6, 5)]
    assert thread.query(IndexName="LastPostIndex", KeyConditionExpression=Key("ForumName").eq("S3"), Limit=1)["Items"] == [
        {"ForumName": "S3", "Subject": "Thread 119", "LastPost": "2026-000"}]
    assert thread.query(IndexName="ViewsIndex", KeyConditionExpression=Key("Views").eq(D("3.0")), Select="COUNT")["Count"] == 12
    found = thread.query(KeyConditionExpression=Key("ForumName").eq("S3"), FilterExpression=Attr("Views").gte(8) & Attr("Text").size().eq(20_000), Limit=20)
    assert (found["Count"], found["ScannedCount"]) == (4, 20) and found["LastEvaluatedKey"]["Subject"] == "Thread 019"
    pages = list(client.get_paginator("query").paginate(TableName=thread.name, KeyConditionExpression="ForumName = :f", ExpressionAttributeValues={":f": {"S": "S3"}}))
    assert len(pages) == 3 and sum(page["Count"] for page in pages) == 120, [page["Count"] for page in pages]
    segments = [page for number in range(4) for page in client.get_paginator("scan").paginate(TableName=catalog_name, Segment=number, TotalSegments=4)]
    assert sorted(int(item["Id"]["N"]) for page in segments for item in page["Items"]) == [1, 123, 456]

with step("batches and transactions"):
    answer = resource.batch_get_item(RequestItems={catalog_name: {"Keys": [{"Id": 123}, {"Id": 456}, {"Id": 9}], "ProjectionExpression": "Id"}})
    assert sorted(item["Id"] for item in answer["Responses"][catalog_name]) == [123, 456] and answer["UnprocessedKeys"] == {}
    check = {"ConditionCheck": {"TableName": catalog_name, "Key": {"Id": {"N": "123"}}, "ConditionExpression": "attribute_exists(Title)"}}
    put = {"Put": {"TableName": catalog_name, "Item": {"Id": {"N": "7"}}}}
    client.transact_write_items(TransactItems=[check, put])
    check["ConditionCheck"]["ConditionExpression"] = "attribute_not_exists(Title)"
    put["Put"]["Item"] = {"Id": {"N": "8"}}
    error = raises(client, "TransactionCanceledException", client.transact_write_items, TransactItems=[check, put])
    assert [reason["Code"] for reason in error["CancellationReasons"]] == ["ConditionalCheckFailed", "None"]
    items = client.transact_get_items(TransactItems=[{"Get": {"TableName": catalog_name, "Key": {"Id": {"N": number}}}} for number in ("7", "8")])["Responses"]
    assert items == [{"Item": {"Id": {"N": "7"}}}, {}]

with step("time to live, PartiQL's refusal, and an end"):
    client.update_time_to_live(TableName=catalog_name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "Expires"})
    assert client.describe_time_to_live(TableName=catalog_name)["TimeToLiveDescription"]["AttributeName"] == "Expires"
    raises(client, "ValidationException", client.execute_statement, Statement=f'SELECT * FROM "{catalog_name}"')
    for table in (catalog, thread):
        table.delete()
        client.get_waiter("table_not_exists").wait(TableName=table.name, WaiterConfig={"Delay": 1})
    raises(client, "ResourceNotFoundException", client.describe_table, TableName=catalog_name)

finish()
