"""The finder as JSON: the contract's shape, its errors, and nothing that could be kept."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from counseling.finder.facts import BODIES, CONCERNS, FACTS, SENTENCES
from ruemsa_portal.cache_rules import PUBLIC
from tests.naughty import NAUGHTY

URL = "/api/zustaendigkeit"
DOCUMENT = json.loads((Path(settings.BASE_DIR) / "counseling" / "openapi.json").read_text(encoding="utf-8"))
# The answer as the contract prints it: every key is there, with a value of the same kind.
CONTRACT = """{"concern": "seeking_training", "on": "2026-11-22",
 "door": {"body": "jobcenter", "probable": false, "contact_point": {"slug": "jc-hdl", "name": "…", "phone": null, "open_now": null, "next_opening": null, "missing": ["phone", "hours"]}},
 "also": [{"body": "aa", "for": "…", "contact_point": {"slug": "aa-hdl"}}],
 "not": [{"body": "school", "because": "…"}],
 "reasons": [{"rule": "R-seek-2", "facts": ["benefit"], "legal_basis": "§ 22 Abs. 4 SGB III", "source": "https://…", "valid_from": null, "checked_on": "2026-11-22", "under_review": true}],
 "protective": ["wrong_door"], "deadlines": [{"text": "…", "date": "2027-03-15"}],
 "offers": [{"slug": "eq", "because": "…"}], "would_change": ["benefit"], "next_question": null, "rule_set": 1}"""
CASE = {"concern": "seeking_training", "age": 18, "benefit": "sgb2", "place": "15083270", "on": "2026-11-22"}


def ask(client: Client, body: Any, **extra: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(URL, raw, content_type="application/json", **extra)


def validator(part: dict[str, Any]) -> Draft202012Validator:
    """Return a validator for a part of the description, whose references lead into the whole."""
    registry = Registry().with_resource("urn:portal", Resource(contents=DOCUMENT, specification=DRAFT202012))
    own = json.loads(json.dumps(part).replace('"#/components', '"urn:portal#/components'))
    return Draft202012Validator(own, registry=registry)


def schema(name: str) -> Draft202012Validator:
    return validator({"$ref": f"#/components/schemas/{name}"})


def keys_missing(wanted: Any, found: Any, where: str = "") -> list[str]:
    """Name every key of the contract's example that an answer does not have."""
    if isinstance(wanted, dict):
        missing = [f"{where}/{key}" for key in wanted if key not in found]
        known = [key for key in wanted if key in found and found[key] is not None]
        return missing + [line for key in known for line in keys_missing(wanted[key], found[key], f"{where}/{key}")]
    if isinstance(wanted, list) and wanted and found:
        return keys_missing(wanted[0], found[0], f"{where}/0")
    return []


def test_answers_the_example_of_the_contract(region: None, client: Client) -> None:
    wanted = json.loads(CONTRACT)
    response = ask(client, CASE)
    found = response.json()
    assert response.status_code == 200
    assert keys_missing(wanted, found) == []
    assert {name: found[name] for name in ("concern", "on", "next_question", "rule_set")} == {
        "concern": "seeking_training", "on": "2026-11-22", "next_question": None, "rule_set": 1,
    }  # fmt: skip
    assert (found["door"]["body"], found["door"]["probable"]) == ("jobcenter", False)
    point = found["door"]["contact_point"]
    assert {name: point[name] for name in ("slug", "phone", "open_now", "next_opening", "missing")} == {
        "slug": "jc-hdl", "phone": None, "open_now": None, "next_opening": None, "missing": ["phone", "hours"],
    }  # fmt: skip
    assert [row["contact_point"]["slug"] for row in found["also"] if row["body"] == "aa"] == ["aa-hdl"]
    assert [row["rule"] for row in found["reasons"]] == ["R-seek-2"]
    assert found["reasons"][0]["facts"] == ["benefit"]
    assert found["reasons"][0]["source"].startswith("https://")
    assert "wrong_door" in found["protective"]
    assert found["would_change"] == ["benefit"]
    assert [type(found[name]) for name in ("also", "not", "reasons", "deadlines", "offers")] == [list] * 5
    assert (response["Cache-Control"], dict(response.cookies)) == ("no-store", {})
    schema("Finding").validate(found)


@pytest.mark.parametrize("concern", list(CONCERNS))
def test_every_concern_answers_in_the_described_shape(concern: str, region: None, client: Client) -> None:
    for facts in ({}, {"age": 16, "place": "15083270"}, {"age": "18-24"}, {"age": 40, "place": "15003000"}):
        response = ask(client, {"concern": concern, **facts})
        assert response.status_code == 200
        schema("Finding").validate(response.json())


def test_place_names_the_office(region: None, client: Client) -> None:
    def office(place: str) -> Any:
        return ask(client, {**CASE, "place": place}).json()["door"]["contact_point"]["slug"]

    assert [office(ags) for ags in ("15083270", "15083415", "15083565", "15083531")] == [
        "jc-hdl", "jc-oc", "jc-wms", "jc-wzl",
    ]  # fmt: skip


def test_without_place_all_offices_are_a_choice(region: None, client: Client) -> None:
    door = ask(client, {key: CASE[key] for key in ("concern", "age", "benefit")}).json()["door"]
    assert door["contact_point"] is None
    assert sorted(point["slug"] for point in door["contact_points"]) == ["jc-hdl", "jc-oc", "jc-wms", "jc-wzl"]
    assert door["next_best"]["slug"] == settings.REGION["coordination_point"]


def test_place_in_another_county_names_no_office_of_ours(region: None, client: Client) -> None:
    door = ask(client, {**CASE, "place": "15003000"}).json()["door"]
    assert (door["body"], door["contact_point"], door["contact_points"]) == ("jobcenter", None, [])


def test_youth_office_under_18_goes_by_the_parents(region: None, client: Client) -> None:
    facts = {"concern": "trouble_at_home", "age": 16, "place": "15083270"}
    near = ask(client, {**facts, "parents_place": "15083415"}).json()["door"]
    far = ask(client, {**facts, "parents_place": "15003000"}).json()["door"]
    assert (near["body"], near["contact_point"]["slug"]) == ("jugendamt", settings.REGION["youth_office_point"])
    assert (far["contact_point"], far["next_best"]["slug"]) == (None, settings.REGION["youth_office_point"])


def test_open_now_and_next_opening_tell_the_time(region: None, client: Client, fix_time: Any) -> None:
    fix_time("2026-11-24 10:00")
    point = ask(client, {"concern": "seeking_training", "age": 17}).json()["door"]["next_best"]
    assert (point["slug"], point["open_now"]) == (settings.REGION["coordination_point"], True)
    assert datetime.fromisoformat(point["next_opening"]) > datetime.fromisoformat("2026-11-24T10:00:00+01:00")


def test_get_works_for_harmless_facts(region: None, client: Client) -> None:
    response = client.get(URL, {"concern": "at_school", "age": "17", "place": "15083270"})
    assert response.status_code == 200
    assert (response.json()["door"]["body"], response["Cache-Control"]) == ("aa", PUBLIC)
    assert (
        response.json()["door"] == ask(client, {"concern": "at_school", "age": 17, "place": "15083270"}).json()["door"]
    )


@pytest.mark.parametrize("name", sorted(name for name, fact in FACTS.items() if fact.sensitive))
def test_get_refuses_every_sensitive_fact_and_names_post(name: str, region: None, client: Client) -> None:
    response = client.get(URL, {"concern": "at_school", name: "x"})
    assert response.status_code == 400
    assert (response.json()["parameter"], response.json()["allowed"]) == (name, ["POST"])
    assert "POST" in response.json()["error"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("concern", sorted(key for key, row in CONCERNS.items() if row.sensitive))
def test_get_refuses_every_sensitive_concern_and_names_post(concern: str, region: None, client: Client) -> None:
    response = client.get(URL, {"concern": concern})
    assert (response.status_code, response.json()["parameter"], response.json()["allowed"]) == (
        400,
        "concern",
        ["POST"],
    )


@pytest.mark.parametrize(
    ("facts", "parameter", "allowed"),
    [
        ({"age": 100}, "age", ["0-99"]),
        ({"age": -1}, "age", ["0-99"]),
        ({"age": 17.5}, "age", ["0-99"]),
        ({"age": True}, "age", ["0-99"]),
        ({"age": "17-15"}, "age", ["0-99"]),
        ({"age": [17]}, "age", ["0-99"]),
        ({"place": "Haldensleben"}, "place", ["AGS"]),
        ({"place": 15083270}, "place", ["AGS"]),
        ({"status": "asleep"}, "status", list(FACTS["status"].values)),
        ({"benefit": {"a": 1}}, "benefit", list(FACTS["benefit"].values)),
        ({"married": True}, "married", ["yes", "no"]),
        ({"concern": "any"}, "concern", list(CONCERNS)),
        ({"concern": "parent_user"}, "concern", list(CONCERNS)),
        ({"concern": None}, "concern", list(CONCERNS)),
        ({"on": "gestern"}, "on", ["YYYY-MM-DD"]),
        ({"on": 20261122}, "on", ["YYYY-MM-DD"]),
        ({"on": "0001-01-01"}, "on", ["YYYY-MM-DD"]),
        ({"on": "9999-12-31"}, "on", ["YYYY-MM-DD"]),
        ({"on": "2026-02-30"}, "on", ["YYYY-MM-DD"]),
        ({"fuer": "hund"}, "fuer", ["mich", "kind", "beruf"]),
        ({"fuer": ["mich"]}, "fuer", ["mich", "kind", "beruf"]),
    ],
)
def test_bad_value_is_named_with_what_is_allowed(
    facts: dict[str, Any], parameter: str, allowed: list[str], region: None, client: Client
) -> None:
    response = ask(client, {"concern": "at_school", **facts})
    assert response.status_code == 400
    assert (response.json()["parameter"], response.json()["allowed"]) == (parameter, allowed)
    schema("Error").validate(response.json())


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"at_school"', b"null", b"\xff\xfe", b'{"concern": NaN}', b"\xef\xbb\xbf{}",
        b'{"concern": "at_school\\u0000"}', b'{"concern": "\\ud800"}', b'{"\\ud800": 1, "concern": "at_school"}',
        b"[" * 8000, b'{"a":' * 3000, b'{"age": ' + b"9" * 5000 + b"}", b" " * 16_385,
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_broken_body_is_refused(body: bytes, region: None, client: Client) -> None:
    response = ask(client, body)
    assert response.status_code == 400
    schema("Error").validate(response.json())


def test_body_may_have_16_kilobytes(region: None, client: Client) -> None:
    body = json.dumps({"concern": "at_school", "unbekannt": "x"}).encode()
    assert ask(client, body + b" " * (16_384 - len(body))).status_code == 200
    assert ask(client, body + b" " * (16_385 - len(body))).status_code == 400


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "٣"])
def test_strange_length_is_refused(length: str, region: None, client: Client) -> None:
    assert ask(client, {"concern": "at_school"}, CONTENT_LENGTH=length).status_code == 400


@pytest.mark.parametrize("path", [URL, f"{URL}/fragen", "/api/openapi.json"])
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_wrong_method_is_answered_as_json(path: str, method: str, region: None, client: Client) -> None:
    response = getattr(client, method)(path)
    assert response.status_code == 405
    assert response["Allow"].split(", ") == response.json()["allowed"]


def test_needs_no_token_and_sets_no_cookie(region: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = ask(client, CASE)
    assert (response.status_code, dict(response.cookies)) == (200, {})


def test_reader_gets_the_words_meant_for_them(region: None, client: Client) -> None:
    youth = ask(client, CASE).json()["door"]["for"]
    parents = ask(client, {**CASE, "fuer": "kind"}).json()["door"]["for"]
    assert "dir" in youth.split() and "dir" not in parents.split()


def test_rules_of_another_day_answer_for_that_day(region: None, client: Client) -> None:
    found = ask(client, {**CASE, "on": "2027-03-01"}).json()
    assert (found["on"], found["rule_set"]) == ("2027-03-01", 1)


def test_questions_list_everything_the_finder_knows(client: Client, db: None) -> None:
    response = client.get(f"{URL}/fragen")
    body = response.json()
    assert [row["value"] for row in body["concerns"]] == list(CONCERNS)
    assert {name: [row["value"] for row in fact["values"]] for name, fact in body["facts"].items()} == {
        name: list(fact.values) for name, fact in FACTS.items()
    }
    assert [row["value"] for row in body["concerns"] if row["sensitive"]] == [
        key for key, concern in CONCERNS.items() if concern.sensitive
    ]
    assert (response["Cache-Control"], dict(response.cookies)) == ("public, max-age=3600", {})
    schema("Questions").validate(body)


def test_no_naughty_value_breaks_the_answer(region: None, client: Client) -> None:
    names = ["concern", *FACTS, "on", "fuer", "unbekannt"]
    for value in NAUGHTY:
        for name in names:
            assert ask(client, {"concern": "at_school", name: value}).status_code in (200, 400)
            assert client.get(URL, {"concern": "at_school", name: value}).status_code in (200, 400)


def test_description_is_valid_openapi(client: Client, db: None) -> None:
    response = client.get("/api/openapi.json")
    assert (response["Content-Type"], response.json()) == ("application/json", DOCUMENT)
    validate(DOCUMENT)
    assert DOCUMENT["openapi"] == "3.1.0"


def test_description_knows_the_values_of_the_code() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Concern"]["enum"] == list(CONCERNS)
    assert schemas["Body"]["enum"] == list(BODIES)
    assert schemas["FactName"]["enum"] == list(FACTS)
    assert schemas["Finding"]["properties"]["protective"]["items"]["enum"] == list(SENTENCES)
    listed = {name: row["enum"] for name, row in schemas["Facts"]["properties"].items() if "enum" in row}
    assert {name: values for name, values in listed.items() if name != "fuer"} == {
        name: list(fact.values) for name, fact in FACTS.items() if fact.values
    }
    harmless = DOCUMENT["paths"][URL]["get"]["parameters"]
    assert {row["name"] for row in harmless} & {name for name, fact in FACTS.items() if fact.sensitive} == set()
    assert harmless[0]["schema"]["enum"] == [key for key, concern in CONCERNS.items() if not concern.sensitive]


def test_every_example_of_the_description_fits_its_schema() -> None:
    checked = 0
    for path in DOCUMENT["paths"].values():
        for operation in path.values():
            parts = [operation.get("requestBody", {}), *operation["responses"].values()]
            for media in (part["content"]["application/json"] for part in parts if "content" in part):
                if "example" in media:
                    validator(media["schema"]).validate(media["example"])
                    checked += 1
    assert checked > 8


def test_other_addresses_answer_as_described(region: None, client: Client) -> None:
    schema("Offers").validate(client.get("/api/angebote?alter=17&ort=Haldensleben").json())
    rows = client.get("/api/anlaufstellen").json()
    assert len(rows) > 10
    for row in rows:
        schema("ContactPoint").validate(row)
    parameters = {row["name"] for row in DOCUMENT["paths"]["/api/angebote"]["get"]["parameters"]}
    assert {"q", "ort", "art", "alter", "seite", "umkreis"} <= parameters
