"""Amazon Personalize with boto3 as the official samples use it, and nothing set but AWS_ENDPOINT_URL and credentials: schemas, dataset group, imports,
a solution for each recipe with its metrics, campaigns, filters with parameters, events, batch inference and segments, erasure, and everything deleted."""

import json
import threading
import time
import uuid

import boto3

from outcome import finish, raises, step
from personalize_data import GENRES, INTERACTIONS, ITEMS, NOW, USERS, genre_of_film, genre_of_person, interactions, items, users

ROLE = "arn:aws:iam::000000000000:role/PersonalizeRole"
run = uuid.uuid4().hex[:8]
bucket = f"personalize-{run}"

s3 = boto3.client("s3")
personalize = boto3.client("personalize")
runtime = boto3.client("personalize-runtime")
events = boto3.client("personalize-events")


def recipe_arn(name):
    return f"arn:aws:personalize:::recipe/{name}"


def wait(describe, member, seconds=240, **arguments):
    """As the samples wait: asks until the state is an end."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        found = describe(**arguments)[member]
        if found["status"] in ("ACTIVE", "CREATE FAILED", "CREATE STOPPED"):
            return found
        assert found["status"] in ("CREATE PENDING", "CREATE IN_PROGRESS"), found["status"]
        time.sleep(0.2)
    raise AssertionError(f"{member} was not ready after {seconds} s: {found['status']}")


def active(describe, member, **arguments):
    found = wait(describe, member, **arguments)
    assert found["status"] == "ACTIVE", f"{found['status']}: {found.get('failureReason')}"
    return found


def gone(describe, **arguments):
    deadline = time.time() + 30
    while time.time() < deadline:
        try:
            assert list(describe(**arguments).values())[0]["status"].startswith("DELETE")
        except personalize.exceptions.ResourceNotFoundException:
            return
        time.sleep(0.1)
    raise AssertionError("it is still there after 30 s")


def schema(name, fields, **arguments):
    return personalize.create_schema(name=f"{name}-{run}", schema=json.dumps(fields), **arguments)["schemaArn"]


def import_csv(name, dataset, text, mode="FULL"):
    s3.put_object(Bucket=bucket, Key=f"import/{name}.csv", Body=text)
    job = personalize.create_dataset_import_job(
        jobName=f"{name}-{run}",
        datasetArn=dataset,
        dataSource={"dataLocation": f"s3://{bucket}/import/{name}.csv"},
        roleArn=ROLE,
        importMode=mode,
    )["datasetImportJobArn"]
    return wait(personalize.describe_dataset_import_job, "datasetImportJob", datasetImportJobArn=job)


def train(name, recipe, **config):
    solution = personalize.create_solution(
        name=f"{name}-{run}", datasetGroupArn=group, recipeArn=recipe_arn(recipe), performAutoTraining=False, **config
    )["solutionArn"]
    active(personalize.describe_solution, "solution", solutionArn=solution)
    return solution, new_version(solution)


def new_version(solution, **arguments):
    version = personalize.create_solution_version(solutionArn=solution, **arguments)["solutionVersionArn"]
    active(personalize.describe_solution_version, "solutionVersion", solutionVersionArn=version)
    return version


def deploy(name, version, **config):
    campaign = personalize.create_campaign(name=f"{name}-{run}", solutionVersionArn=version, minProvisionedTPS=1, **config)["campaignArn"]
    active(personalize.describe_campaign, "campaign", campaignArn=campaign)
    return campaign


def films(answer):
    return [item["itemId"] for item in answer["itemList"]]


def share_of_genre(names, genre):
    return sum(genre_of_film(name) == genre for name in names) / len(names)


def batch(kind, name, version, lines, **arguments):
    s3.put_object(Bucket=bucket, Key=f"batch/{name}.json", Body="\n".join(json.dumps(line) for line in lines))
    create = getattr(personalize, f"create_batch_{kind}_job")
    job = create(
        jobName=f"{name}-{run}",
        solutionVersionArn=version,
        jobInput={"s3DataSource": {"path": f"s3://{bucket}/batch/{name}.json"}},
        jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/batch-output/"}},
        roleArn=ROLE,
        **arguments,
    )
    [(member, arn)] = [(key, value) for key, value in job.items() if key.endswith("Arn")]
    describe = getattr(personalize, f"describe_batch_{kind}_job")
    active(describe, member.removesuffix("Arn"), **{member: arn})
    text = s3.get_object(Bucket=bucket, Key=f"batch-output/{name}.json.out")["Body"].read().decode()
    return [json.loads(line) for line in text.splitlines()]


with step("schemas: what AWS refuses is refused with the way to mend it; three are made"):
    wrong = {**INTERACTIONS, "fields": [{**field, "type": "int"} if field["name"] == "TIMESTAMP" else field for field in INTERACTIONS["fields"]]}
    message = raises(personalize, "InvalidInputException", schema, name="wrong", fields=wrong)["Error"]["Message"]
    assert "TIMESTAMP" in message and "long" in message, message
    interactions_schema = schema("interactions", INTERACTIONS)
    items_schema = schema("items", ITEMS)
    users_schema = schema("users", USERS)
    described = personalize.describe_schema(schemaArn=items_schema)["schema"]
    assert json.loads(described["schema"]) == ITEMS and described["name"] == f"items-{run}"
    raises(personalize, "ResourceAlreadyExistsException", schema, name="items", fields=ITEMS)

with step("a dataset group with three datasets"):
    group = personalize.create_dataset_group(name=f"cinema-{run}")["datasetGroupArn"]
    active(personalize.describe_dataset_group, "datasetGroup", datasetGroupArn=group)
    datasets = {}
    for kind, arn in {"Interactions": interactions_schema, "Items": items_schema, "Users": users_schema}.items():
        datasets[kind] = personalize.create_dataset(
            name=f"{kind.lower()}-{run}", schemaArn=arn, datasetGroupArn=group, datasetType=kind
        )["datasetArn"]
        active(personalize.describe_dataset, "dataset", datasetArn=datasets[kind])
    listed = personalize.list_datasets(datasetGroupArn=group)["datasets"]
    assert sorted(each["datasetType"] for each in listed) == ["INTERACTIONS", "ITEMS", "USERS"], listed
    raises(personalize, "ResourceInUseException", personalize.delete_schema, schemaArn=items_schema)

with step("a file with another header is refused, and the job says why"):
    s3.create_bucket(Bucket=bucket)
    refused = import_csv("refused", datasets["Users"], "PERSON,AGE,MEMBERSHIP\na,1,gold\n")
    assert refused["status"] == "CREATE FAILED" and "USER_ID" in refused["failureReason"], refused

with step("too few interactions train nothing, and the version says why"):
    lone = personalize.create_dataset_group(name=f"lone-{run}")["datasetGroupArn"]
    active(personalize.describe_dataset_group, "datasetGroup", datasetGroupArn=lone)
    dataset = personalize.create_dataset(
        name=f"lone-{run}", schemaArn=interactions_schema, datasetGroupArn=lone, datasetType="Interactions"
    )["datasetArn"]
    active(personalize.describe_dataset, "dataset", datasetArn=dataset)
    assert import_csv("lone", dataset, interactions(people=range(10)))["status"] == "ACTIVE"
    solution = personalize.create_solution(
        name=f"lone-{run}", datasetGroupArn=lone, recipeArn=recipe_arn("aws-user-personalization"), performAutoTraining=False
    )["solutionArn"]
    version = personalize.create_solution_version(solutionArn=solution)["solutionVersionArn"]
    failed = wait(personalize.describe_solution_version, "solutionVersion", solutionVersionArn=version)
    assert failed["status"] == "CREATE FAILED" and "1000" in failed["failureReason"].replace(",", ""), failed

with step("imports from S3: full, then incremental"):
    for name, kind, text in [("items", "Items", items()), ("users", "Users", users()), ("interactions", "Interactions", interactions())]:
        job = import_csv(name, datasets[kind], text)
        assert job["status"] == "ACTIVE", job.get("failureReason")
    more = import_csv("more", datasets["Interactions"], interactions(people=range(300, 330), seed=2), mode="INCREMENTAL")
    assert more["status"] == "ACTIVE" and more["importMode"] == "INCREMENTAL", more

with step("recipes are listed and described"):
    names = [recipe["name"] for page in personalize.get_paginator("list_recipes").paginate() for recipe in page["recipes"]]
    assert {"aws-user-personalization", "aws-sims", "aws-personalized-ranking", "aws-popularity-count"} <= set(names), names
    described = personalize.describe_recipe(recipeArn=recipe_arn("aws-sims"))["recipe"]
    assert described["recipeType"] == "RELATED_ITEMS", described
    raises(personalize, "ResourceNotFoundException", personalize.describe_recipe, recipeArn=recipe_arn("aws-no-such"))

with step("a solution and a version for each recipe, with AWS's metrics"):
    versions = {}
    solutions = {}
    for recipe in [
        "aws-user-personalization",
        "aws-user-personalization-v2",
        "aws-personalized-ranking",
        "aws-sims",
        "aws-similar-items",
        "aws-popularity-count",
        "aws-trending-now",
        "aws-item-affinity",
        "aws-item-attribute-affinity",
    ]:
        solutions[recipe], versions[recipe] = train(recipe.removeprefix("aws-"), recipe)
    metrics = personalize.get_solution_metrics(solutionVersionArn=versions["aws-user-personalization"])["metrics"]
    wanted = {"coverage", "mean_reciprocal_rank_at_25", "precision_at_5", "precision_at_10", "precision_at_25"}
    wanted |= {f"normalized_discounted_cumulative_gain_at_{k}" for k in (5, 10, 25)}
    assert wanted <= set(metrics), metrics
    popular = personalize.get_solution_metrics(solutionVersionArn=versions["aws-popularity-count"])["metrics"]
    gain = "normalized_discounted_cumulative_gain_at_10"
    assert metrics[gain] > popular[gain] > 0, (metrics, popular)

with step("a hyperparameter outside its range is refused"):
    config = {"algorithmHyperParameters": {"hidden_dimension": "100000"}}
    raises(personalize, "InvalidInputException", train, name="wide", recipe="aws-user-personalization", solutionConfig=config)

with step("user personalization: people get films of their genre, with scores that are shares of one"):
    campaign = deploy("for-you", versions["aws-user-personalization"], campaignConfig={"itemExplorationConfig": {"explorationWeight": "0"}})
    shares = []
    for number in range(12):
        answer = runtime.get_recommendations(campaignArn=campaign, userId=f"person-{number}", numResults=10)
        assert len(answer["itemList"]) == 10 and answer["recommendationId"], answer
        scores = [item["score"] for item in answer["itemList"]]
        assert scores == sorted(scores, reverse=True) and 0 < sum(scores) <= 1, scores
        shares.append(share_of_genre(films(answer), genre_of_person(f"person-{number}")))
    assert sum(shares) / len(shares) > 0.5, shares
    assert len(films(runtime.get_recommendations(campaignArn=campaign, userId="nobody-knows-me"))) == 25
    raises(runtime, "InvalidInputException", runtime.get_recommendations, campaignArn=campaign, userId="person-1", numResults=501)
    raises(runtime, "ResourceNotFoundException", runtime.get_recommendations, campaignArn=campaign + "x", userId="person-1")

with step("similar items: of the same genre, without scores"):
    similar = deploy("similar", versions["aws-sims"])
    answer = runtime.get_recommendations(campaignArn=similar, itemId="film-1", numResults=5)
    assert share_of_genre(films(answer), genre_of_film("film-1")) >= 0.8, answer["itemList"]
    assert all("score" not in item for item in answer["itemList"]), answer["itemList"]
    raises(runtime, "InvalidInputException", runtime.get_recommendations, campaignArn=similar, userId="person-1")

with step("ranking: a list in the order of a person's taste"):
    ranking = deploy("ranking", versions["aws-personalized-ranking"])
    # One of each genre that the person has not seen: nobody here sees a film twice.
    seen = {row.split(",")[1] for row in interactions().splitlines() if row.startswith("person-2,")}
    unseen_films = [f"film-{number}" for number in range(150) if f"film-{number}" not in seen]
    given = [next(film for film in unseen_films if genre_of_film(film) == genre) for genre in GENRES]
    answer = runtime.get_personalized_ranking(campaignArn=ranking, userId="person-2", inputList=given)
    ranked = [item["itemId"] for item in answer["personalizedRanking"]]
    assert sorted(ranked) == sorted(given) and genre_of_film(ranked[0]) == genre_of_person("person-2"), ranked
    assert abs(sum(item["score"] for item in answer["personalizedRanking"]) - 1) < 1e-3, answer

with step("filters with parameters, over items and interactions, and what a filter may not say"):
    def make_filter(name, expression):
        arn = personalize.create_filter(name=f"{name}-{run}", datasetGroupArn=group, filterExpression=expression)["filterArn"]
        active(personalize.describe_filter, "filter", filterArn=arn)
        return arn

    by_genre = make_filter("genre", "INCLUDE ItemID WHERE Items.GENRES IN ($GENRE)")
    unseen = make_filter("unseen", 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")')
    for_gold = make_filter("gold", 'INCLUDE ItemID WHERE Items.YEAR >= 2000 IF CurrentUser.MEMBERSHIP = "gold"')
    answer = runtime.get_recommendations(campaignArn=campaign, userId="person-1", filterArn=by_genre, filterValues={"GENRE": '"horror","western"'})
    assert films(answer) and {genre_of_film(film) for film in films(answer)} <= {"horror", "western"}, films(answer)
    watched = {row.split(",")[1] for row in interactions().splitlines() if row.startswith("person-1,")}
    answer = runtime.get_recommendations(campaignArn=campaign, userId="person-1", filterArn=unseen, numResults=100)
    assert films(answer) and not watched & set(films(answer)), watched & set(films(answer))
    answer = runtime.get_recommendations(campaignArn=campaign, userId="person-3", filterArn=for_gold)
    assert all(1980 + int(film.split("-")[1]) % 40 >= 2000 for film in films(answer)), films(answer)
    raises(runtime, "InvalidInputException", runtime.get_recommendations, campaignArn=campaign, userId="person-1", filterArn=by_genre)
    raises(personalize, "InvalidInputException", make_filter, name="wrong", expression="INCLUDE ItemID WHERE Items.NO_SUCH = 1")

with step("promotions take their share; metadata come with the items where the campaign has them"):
    answer = runtime.get_recommendations(
        campaignArn=campaign,
        userId="person-1",
        numResults=10,
        promotions=[{"name": "westerns", "percentPromotedItems": 30, "filterArn": by_genre, "filterValues": {"GENRE": '"western"'}}],
    )
    promoted = [item for item in answer["itemList"] if item.get("promotionName") == "westerns"]
    assert len(promoted) == 3 and {genre_of_film(item["itemId"]) for item in promoted} == {"western"}, answer["itemList"]
    described = deploy("described", versions["aws-user-personalization"], campaignConfig={"enableMetadataWithRecommendations": True})
    answer = runtime.get_recommendations(campaignArn=described, userId="person-1", numResults=5, metadataColumns={"ITEMS": ["GENRES"]})
    assert all(item["metadata"]["genres" if "genres" in item["metadata"] else "GENRES"] == genre_of_film(item["itemId"]) for item in answer["itemList"])

with step("an event changes the next answer within a second"):
    tracker = personalize.create_event_tracker(name=f"tracker-{run}", datasetGroupArn=group)
    active(personalize.describe_event_tracker, "eventTracker", eventTrackerArn=tracker["eventTrackerArn"])
    visitor = f"visitor-{run}"
    before = films(runtime.get_recommendations(campaignArn=campaign, userId=visitor, numResults=10))
    for film in ("film-125", "film-126", "film-127"):
        events.put_events(
            trackingId=tracker["trackingId"],
            userId=visitor,
            sessionId="session-1",
            eventList=[{"eventType": "watch", "itemId": film, "eventValue": 1, "sentAt": NOW}],
        )
    time.sleep(1)
    after = films(runtime.get_recommendations(campaignArn=campaign, userId=visitor, numResults=10))
    assert after != before and share_of_genre(after, "western") > share_of_genre(before, "western"), (before, after)
    answer = runtime.get_recommendations(campaignArn=campaign, userId=visitor, filterArn=unseen)
    assert not {"film-125", "film-126", "film-127"} & set(films(answer)), films(answer)
    raises(events, "InvalidInputException", events.put_events, trackingId=str(uuid.uuid4()), sessionId="s", eventList=[{"eventType": "watch", "sentAt": NOW}])

with step("items and users can be put one by one"):
    new_film = {"genres": "western", "year": 2024, "creationTimestamp": NOW}
    events.put_items(datasetArn=datasets["Items"], items=[{"itemId": "film-new", "properties": json.dumps(new_film)}])
    events.put_users(datasetArn=datasets["Users"], users=[{"userId": visitor, "properties": json.dumps({"age": 30, "membership": "gold"})}])

with step("a campaign goes to a new version without one failed request"):
    failures = []
    stop = threading.Event()

    def ask():
        client = boto3.client("personalize-runtime")
        while not stop.is_set():
            try:
                assert films(client.get_recommendations(campaignArn=campaign, userId="person-7"))
            except Exception as error:
                failures.append(error)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    second = new_version(solutions["aws-user-personalization"], trainingMode="UPDATE")
    personalize.update_campaign(campaignArn=campaign, solutionVersionArn=second)
    deadline = time.time() + 60
    while personalize.describe_campaign(campaignArn=campaign)["campaign"]["solutionVersionArn"] != second and time.time() < deadline:
        time.sleep(0.1)
    active(personalize.describe_campaign, "campaign", campaignArn=campaign)
    stop.set()
    for thread in asking:
        thread.join()
    assert not failures, failures[:3]
    assert personalize.describe_campaign(campaignArn=campaign)["campaign"]["solutionVersionArn"] == second

with step("batch inference: a line for each line, an error where one cannot be answered"):
    lines = batch("inference", "people", second, [{"userId": f"person-{number}"} for number in range(50)], numResults=10)
    assert len(lines) == 50 and all(len(line["output"]["recommendedItems"]) == 10 and line["error"] is None for line in lines), lines[0]
    assert [line["input"]["userId"] for line in lines] == [f"person-{number}" for number in range(50)]
    lines = batch("inference", "films", versions["aws-sims"], [{"itemId": "film-1"}, {"itemId": "film-30"}])
    assert all("scores" not in line["output"] for line in lines), lines

with step("batch segments: the people for a film, and for an attribute"):
    # A film that few have seen: those who have are no candidates any more.
    lines = batch("segment", "lovers", versions["aws-item-affinity"], [{"itemId": "film-20"}], numResults=20)
    people = lines[0]["output"]["recommendedUsers"] if "recommendedUsers" in lines[0]["output"] else lines[0]["output"]["usersList"]
    known = [person for person in people if person.startswith("person-")]
    assert sum(genre_of_person(person) == "comedy" for person in known) / len(known) > 0.6, people
    lines = batch("segment", "attributes", versions["aws-item-attribute-affinity"], [{"itemAttributes": 'ITEMS.genres = "horror"'}], numResults=20)
    assert lines[0]["error"] is None, lines

with step("what was collected can be exported"):
    job = personalize.create_dataset_export_job(
        jobName=f"export-{run}",
        datasetArn=datasets["Interactions"],
        ingestionMode="ALL",
        roleArn=ROLE,
        jobOutput={"s3DataDestination": {"path": f"s3://{bucket}/export/"}},
    )["datasetExportJobArn"]
    active(personalize.describe_dataset_export_job, "datasetExportJob", datasetExportJobArn=job)
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="export/")["Contents"] if each["Key"].endswith(".csv")]
    text = "".join(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys)
    assert text.count("\n") >= 330 * 20 + 3 and visitor in text, len(text)

with step("a person is erased: from the datasets, the events and the next model"):
    s3.put_object(Bucket=bucket, Key="erase/people.csv", Body=f"USER_ID\n{visitor}\nperson-5\n")
    job = personalize.create_data_deletion_job(
        jobName=f"erase-{run}", datasetGroupArn=group, dataSource={"dataLocation": f"s3://{bucket}/erase/people.csv"}, roleArn=ROLE
    )["dataDeletionJobArn"]
    deadline = time.time() + 120
    while time.time() < deadline:
        found = personalize.describe_data_deletion_job(dataDeletionJobArn=job)["dataDeletionJob"]
        if found["status"] in ("COMPLETED", "FAILED"):
            break
        time.sleep(0.2)
    assert found["status"] == "COMPLETED" and found["numDeleted"] >= 2, found
    third = new_version(solutions["aws-user-personalization"])
    calm = {"itemExplorationConfig": {"explorationWeight": "0"}}
    lines = batch("inference", "erased", third, [{"userId": "person-5"}, {"userId": "nobody-at-all"}], batchInferenceJobConfig=calm)
    assert lines[0]["output"]["recommendedItems"] == lines[1]["output"]["recommendedItems"], lines

with step("tags, pages and names"):
    personalize.tag_resource(resourceArn=campaign, tags=[{"tagKey": "run", "tagValue": run}])
    assert personalize.list_tags_for_resource(resourceArn=campaign)["tags"] == [{"tagKey": "run", "tagValue": run}]
    pages = list(personalize.get_paginator("list_solutions").paginate(datasetGroupArn=group, PaginationConfig={"PageSize": 4}))
    assert len(pages) == 3 and sum(len(page["solutions"]) for page in pages) == 9, [len(page["solutions"]) for page in pages]
    raises(personalize, "ResourceInUseException", personalize.delete_solution, solutionArn=solutions["aws-sims"])

with step("everything is deleted, in the order that AWS wants"):
    for page in personalize.get_paginator("list_campaigns").paginate():
        for each in page["campaigns"]:
            personalize.delete_campaign(campaignArn=each["campaignArn"])
            gone(personalize.describe_campaign, campaignArn=each["campaignArn"])
    for arn in (group, lone):
        for each in personalize.list_filters(datasetGroupArn=arn)["Filters"]:
            personalize.delete_filter(filterArn=each["filterArn"])
            gone(personalize.describe_filter, filterArn=each["filterArn"])
        for each in personalize.list_event_trackers(datasetGroupArn=arn)["eventTrackers"]:
            personalize.delete_event_tracker(eventTrackerArn=each["eventTrackerArn"])
            gone(personalize.describe_event_tracker, eventTrackerArn=each["eventTrackerArn"])
        for page in personalize.get_paginator("list_solutions").paginate(datasetGroupArn=arn):
            for each in page["solutions"]:
                personalize.delete_solution(solutionArn=each["solutionArn"])
                gone(personalize.describe_solution, solutionArn=each["solutionArn"])
        for each in personalize.list_datasets(datasetGroupArn=arn)["datasets"]:
            personalize.delete_dataset(datasetArn=each["datasetArn"])
            gone(personalize.describe_dataset, datasetArn=each["datasetArn"])
        personalize.delete_dataset_group(datasetGroupArn=arn)
        gone(personalize.describe_dataset_group, datasetGroupArn=arn)
    for arn in (interactions_schema, items_schema, users_schema):
        personalize.delete_schema(schemaArn=arn)

finish()
