"""A cinema of our own making: each person likes the films of one genre, and sees now and then anything else. The right recommendations are known."""

import csv
import io
import random

GENRES = ["comedy", "drama", "horror", "romance", "thriller", "western"]
FILMS_PER_GENRE = 25
PEOPLE = 300
NOW = 1_760_000_000


def schema(name, *fields):
    return {"type": "record", "name": name, "namespace": "com.amazonaws.personalize.schema", "fields": list(fields), "version": "1.0"}


def field(name, kind, **flags):
    return {"name": name, "type": kind, **flags}


INTERACTIONS = schema(
    "Interactions",
    field("USER_ID", "string"),
    field("ITEM_ID", "string"),
    field("EVENT_TYPE", "string"),
    field("EVENT_VALUE", ["null", "float"]),
    field("TIMESTAMP", "long"),
)
ITEMS = schema(
    "Items",
    field("ITEM_ID", "string"),
    field("GENRES", ["null", "string"], categorical=True),
    field("YEAR", "int"),
    field("CREATION_TIMESTAMP", "long"),
)
USERS = schema(
    "Users",
    field("USER_ID", "string"),
    field("AGE", "int"),
    field("MEMBERSHIP", "string", categorical=True),
)


def genre_of_film(film):
    return GENRES[int(film.split("-")[1]) // FILMS_PER_GENRE]


def genre_of_person(person):
    return GENRES[int(person.split("-")[1]) % len(GENRES)]


def interactions(people=range(PEOPLE), events=20, seed=1):
    """Four of five events are films of the person's own genre; nobody sees a film twice."""
    random_ = random.Random(seed)
    rows = []
    for number in people:
        own = number % len(GENRES)
        seen = set()
        while len(seen) < events:
            genre = own if random_.random() < 0.8 else random_.randrange(len(GENRES))
            # The first films of a genre are seen more than the last.
            place = min(int(random_.expovariate(0.12)), FILMS_PER_GENRE - 1)
            film = f"film-{genre * FILMS_PER_GENRE + place}"
            if film in seen and len(seen) < FILMS_PER_GENRE:
                continue
            seen.add(film)
            rows.append([f"person-{number}", film, "watch", 1.0, NOW - random_.randrange(30 * 86_400)])
    return csv_of([field["name"] for field in INTERACTIONS["fields"]], rows)


def items():
    rows = [
        [f"film-{number}", GENRES[number // FILMS_PER_GENRE], 1980 + number % 40, NOW - 400 * 86_400]
        for number in range(FILMS_PER_GENRE * len(GENRES))
    ]
    return csv_of([field["name"] for field in ITEMS["fields"]], rows)


def users():
    rows = [[f"person-{number}", 18 + number % 60, "gold" if number % 3 == 0 else "basic"] for number in range(PEOPLE)]
    return csv_of([field["name"] for field in USERS["fields"]], rows)


def csv_of(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
