"""The back office of the rules: who may do what, what is said next to which field, and how many queries it takes."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from counseling.actions.rules import check, create_draft
from counseling.models import ResponsibilityRule, RuleSet, Scenario, SignOff
from counseling.models.records import rule_of
from counseling.rulebook import rule_set_number
from tests.counseling.rule_samples import NOW, TODAY, agencies, both, loaded, user
from tests.factories.accounts import log_in
from tools.markup import parse

pytestmark = pytest.mark.django_db

COORDINATOR = ("coordinator", "koordination")
JOBCENTER = ("lead", "jobcenter")
AGENTUR = ("lead", "aa")


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:counseling_{name}", args=args)


def login(client: Client, role: str, agency: str, name: str = "person") -> Any:
    person = user(name, role, agency)
    log_in(client, person)
    return person


@pytest.fixture(autouse=True)
def clock(fix_time: Any) -> None:
    fix_time("2026-11-22 10:00")


@pytest.fixture
def first() -> RuleSet:
    return loaded()


@pytest.fixture
def draft(first: RuleSet) -> RuleSet:
    return create_draft(by=user("verfasserin"), at=NOW)


def form_of(client: Client, address: str) -> dict[str, Any]:
    """Return what the browser would send back unchanged."""
    html = client.get(address).content.decode()
    # A browser drops the first line break of a text area and keeps the others.
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    written = {name: unescape(words) for name, words in areas}
    (form,) = [node for node in parse(html).all("form") if node.attributes.get("id", "").endswith("_form")]
    data: dict[str, Any] = {}
    for node in form.all("input", "textarea", "select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type", "text")
        if not name or kind in ("submit", "button"):
            continue
        if node.tag == "select":
            options = [option for option in node.all("option") if "selected" in option.attributes]
            data[name] = options[0].attributes.get("value", "") if options else ""
        elif node.tag == "textarea":
            data[name] = written[name]
        elif kind == "checkbox":
            if "checked" in node.attributes:
                data.setdefault(name, []).append(node.attributes.get("value", "on"))
        else:
            data[name] = node.attributes.get("value", "")
    return data


def test_unchanged_form_changes_nothing(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    for row in draft.rules.all():
        before = rule_of(row)
        address = page("responsibilityrule_change", row.pk)
        response = client.post(address, form_of(client, address))
        assert (response.status_code, response.get("Location")) == (302, page("responsibilityrule_changelist"))
        assert rule_of(ResponsibilityRule.objects.get(pk=row.pk)) == before


def test_form_saves_lists_and_tables(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    row = draft.rules.get(key="R-seek-2")
    address = page("responsibilityrule_change", row.pk)
    data = form_of(client, address) | {
        "concerns": ["seeking_training", "truancy"],
        "steps_youth": " Ruf an. \n\n Geh  hin. ",
        "steps_parents": "Rufen Sie an.",
        "also-2-body": "familienkasse",
        "also-2-youth": "Zahlt Kindergeld.",
        "also-2-parents": "Zahlt Kindergeld.",
        "also-0-body": "",
        "also-0-youth": "",
        "also-0-parents": "",
        "deadlines-0-month": "4",
    }
    assert client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert row.concerns == ["seeking_training", "truancy"]
    assert row.steps_youth == ["Ruf an.", "Geh hin."]
    assert [entry["body"] for entry in row.also] == ["traeger", "familienkasse"]
    assert row.deadlines == [{**both("Melde dich bis zum 15. März an."), "month": 4, "day": 15}]


GRAMMAR = [
    ("condition", '{"fact": "benefit", "eq": "sgb9"}', "Der Wert „sgb9“ gehört nicht zu „Geld vom Amt“. Erlaubt: none, sgb2, alg1, alg1_and_sgb2, asylblg."),
    ("condition", '{"all": [{"fact": "age", "in": [15]}]}', "all › 1: Beim Alter nimm „between“, zum Beispiel [15, 24]."),
    ("condition", '{"fact": "age",\n "eq" 15}', "Zeile 2 ist kein gültiges JSON. Fehlt ein Komma, eine Klammer, ein Anführungszeichen?"),
    ("condition", "[" * 5000, "Das lässt sich so nicht speichern."),
    ("condition", '{"fact": "\\ud800", "eq": 1}', "Das lässt sich so nicht speichern."),
    ("condition", '{"fact": "age", "eq": NaN}', "Das lässt sich so nicht speichern."),
    ("condition", '{"fact": "age", "eq": 1e999}', "„inf“ ist kein Alter. Erlaubt: ganze Zahlen von 0 bis 99."),
    ("deadlines-0-month", "13", "1 › day: Monat und Tag gehören zusammen und müssen im Kalender stehen."),
    ("deadlines-0-month", "März", "1 › month: Hier muss eine ganze Zahl stehen."),
    ("also-0-youth", "a\x00b", "Das lässt sich so nicht speichern."),
    ("concerns", "nix", "Bitte eine gültige Auswahl treffen. nix ist keine gültige Auswahl."),
    ("valid_to", "2020-01-01", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "message"), GRAMMAR[:-1], ids=[f"{f}-{n}" for n, (f, _v, _m) in enumerate(GRAMMAR[:-1])]
)
def test_mistake_stands_next_to_its_field(client: Client, draft: RuleSet, field: str, value: str, message: str) -> None:
    login(client, *COORDINATOR)
    row = draft.rules.get(key="R-seek-2")
    address = page("responsibilityrule_change", row.pk)
    before = rule_of(row)
    response = client.post(address, form_of(client, address) | {field: value})
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert message in errors[field.split("-")[0]]
    html = " ".join(parse(response.content.decode()).text().split())
    assert message in html
    assert rule_of(ResponsibilityRule.objects.get(pk=row.pk)) == before


def test_condition_is_said_in_plain_german_beside_it(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    html = client.get(page("responsibilityrule_change", draft.rules.get(key="R-seek-2").pk)).content.decode()
    assert "Geld vom Amt: Geld vom Jobcenter oder Arbeitslosengeld und Geld vom Jobcenter" in html


def test_edit_in_the_form_takes_the_check_back(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    check(rule_set=draft, on=TODAY)
    address = page("responsibilityrule_change", draft.rules.get(key="R-seek-1").pk)
    client.post(address, form_of(client, address) | {"title_youth": "Ausbildung", "title_parents": "Ausbildung"})
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize("model", ["responsibilityrule", "scenario"])
def test_new_row_belongs_to_the_draft_only(client: Client, draft: RuleSet, model: str) -> None:
    login(client, *COORDINATOR)
    html = client.get(page(f"{model}_add")).content.decode()
    select = next(node for node in parse(html).all("select") if node.attributes.get("name") == "rule_set")
    assert [option.attributes.get("value") for option in select.all("option")] == ["", str(draft.pk)]


def test_new_example_is_saved(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    data = form_of(client, page("scenario_add")) | {
        "name": "19, ohne Geld vom Amt",
        "facts": json.dumps({"concern": "seeking_training", "age": 19, "benefit": "none"}),
        "door": "aa",
        "rules": "R-seek-1",
    }
    assert client.post(page("scenario_add"), data).status_code == 302
    row = Scenario.objects.get(name="19, ohne Geld vom Amt")
    assert (row.rule_set, row.rules, row.probable, row.next_question) == (draft, ["R-seek-1"], None, "")


def test_wrong_facts_of_an_example_are_named(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    data = form_of(client, page("scenario_add")) | {
        "name": "x",
        "facts": '{"concern": "truancy", "agee": 3}',
        "door": "aa",
    }
    response = client.post(page("scenario_add"), data)
    assert response.context["adminform"].form.errors["facts"] == ["Die Angabe „agee“ gibt es nicht."]


@pytest.mark.parametrize("model", ["responsibilityrule", "scenario"])
def test_set_in_force_is_read_only(client: Client, first: RuleSet, model: str) -> None:
    login(client, *COORDINATOR)
    rows = first.rules if model == "responsibilityrule" else first.scenarios
    row = rows.first()
    assert row is not None
    address = page(f"{model}_change", row.pk)
    html = client.get(address).content.decode()
    assert 'name="_save"' not in html
    assert client.post(address, {"key": "R-neu", "name": "neu"}).status_code == 403
    assert client.post(page(f"{model}_delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(f"{page(f'{model}_changelist')}?regelwerk=alle", chosen)
    assert rows.count() == 3


def test_rule_is_read_in_words_where_it_cannot_be_changed(client: Client, first: RuleSet) -> None:
    login(client, *AGENTUR)
    html = client.get(page("responsibilityrule_change", first.rules.get(key="R-seek-2").pk)).content.decode()
    words = " ".join(parse(html).text().split())
    for part in (
        "Sucht eine Ausbildung",
        "Lotse",
        "Die Schule vermittelt keine Plätze.",
        "dein Zeugnis; deinen Lebenslauf",
        "R-seek-1",
    ):
        assert part in words
    assert "{" not in words.replace("{{", "")


def test_draft_is_deleted_row_by_row(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    rows = list(draft.scenarios.values_list("pk", flat=True))
    chosen = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    assert client.post(page("scenario_changelist"), chosen).status_code == 302
    assert draft.scenarios.count() == 0
    assert Scenario.objects.count() == 3


def test_list_shows_the_newest_set_and_finds_by_concern_body_owner_and_review(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    address = page("responsibilityrule_changelist")

    def keys(query: str = "") -> list[str]:
        rows = client.get(f"{address}?{query}").context["cl"].result_list
        return [f"{row.rule_set.number} {row.key}" for row in rows]

    assert keys() == ["2 R-rest", "2 R-seek-1", "2 R-seek-2"]
    assert keys("regelwerk=1") == ["1 R-rest", "1 R-seek-1", "1 R-seek-2"]
    assert len(keys("regelwerk=alle")) == 6
    assert keys("regelwerk=99") == []
    assert keys("anliegen=seeking_training") == ["2 R-seek-1", "2 R-seek-2"]
    assert keys("anliegen=truancy") == ["2 R-rest"]
    assert keys("body__exact=jobcenter") == ["2 R-seek-2"]
    assert keys("under_review__exact=1") == ["2 R-seek-2"]
    assert keys(f"owner__id__exact={agencies()['aa'].pk}") == ["2 R-seek-1"]
    assert keys("q=seek-2") == ["2 R-seek-2"]


LISTS = {"ruleset": 8, "responsibilityrule": 11, "scenario": 8}


@pytest.mark.parametrize("model", LISTS)
def test_list_takes_the_same_number_of_queries_for_many_rows(
    client: Client, draft: RuleSet, model: str, django_assert_max_num_queries: Any
) -> None:
    login(client, *COORDINATOR)
    address = page(f"{model}_changelist")
    client.get(address)
    with django_assert_max_num_queries(LISTS[model]) as few:
        client.get(address)
    for number in range(3, 23):
        RuleSet.objects.create(number=number + 100, created_at=NOW)
        row = draft.rules.get(key="R-seek-1")
        row.pk, row.key = None, f"R-x-{number}"
        row.save()
        Scenario.objects.create(rule_set=draft, name=f"Fall {number}", door="aa", facts={"concern": "truancy"})
    with django_assert_max_num_queries(len(few)):
        client.get(f"{address}?regelwerk=2" if model != "ruleset" else address)


def test_new_set_is_a_copy(client: Client, first: RuleSet) -> None:
    person = login(client, *COORDINATOR)
    response = client.post(page("ruleset_add"), {"note": "Neues Recht ab Januar"})
    made = RuleSet.objects.get(number=2)
    assert response.status_code == 302
    assert (made.note, made.created_by, made.rules.count()) == ("Neues Recht ab Januar", person, 3)
    assert client.post(page("ruleset_change", made.pk), {"note": "Anders"}).status_code == 302
    made.refresh_from_db()
    assert (made.note, made.number, made.status) == ("Anders", 2, "draft")


STEPS = ["report", "diff", "flow", "sign_off", "activate", "discard"]


@pytest.mark.parametrize("step", STEPS)
def test_step_has_one_heading_and_is_for_staff_only(client: Client, draft: RuleSet, step: str) -> None:
    address = page(f"ruleset_{step}", draft.pk)
    assert client.get(address).status_code == 302
    login(client, "counselor", "aa", name="niemand")
    assert client.get(address).status_code == 404
    login(client, *COORDINATOR, name="chefin")
    response = client.get(address)
    assert response.status_code == 200
    assert len(list(parse(response.content.decode()).all("h1"))) == 1
    assert client.get(page(f"ruleset_{step}", 10**30)).status_code == 404
    assert client.get(page(f"ruleset_{step}", "x")).status_code == 404


@pytest.mark.parametrize("step", ["activate", "discard"])
def test_step_that_changes_something_needs_its_right(client: Client, draft: RuleSet, step: str) -> None:
    login(client, *AGENTUR)
    assert client.post(page(f"ruleset_{step}", draft.pk), {"on": "2026-11-22"}).status_code == 403
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_report_runs_and_shows_the_concrete_case(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    draft.rules.filter(key="R-seek-2").update(overrides=[])
    address = page("ruleset_report", draft.pk)
    assert "noch nicht geprüft" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    html = client.get(address).content.decode()
    assert "Sucht eine Ausbildung, Geld vom Jobcenter: zwei Türen: R-seek-1 und R-seek-2" in html
    assert "Seitdem wurde etwas geändert" not in html
    draft.rules.filter(key="R-seek-2").update(overrides=["R-seek-1"])
    assert "Seitdem wurde etwas geändert" in client.get(address).content.decode()
    client.post(address)
    assert "Alles in Ordnung." in client.get(address).content.decode()


def test_report_of_a_set_in_force_is_not_run_again(client: Client, first: RuleSet) -> None:
    login(client, *COORDINATOR)
    assert client.post(page("ruleset_report", first.pk)).status_code == 403


def test_diff_shows_old_and_new_door(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    address = page("ruleset_diff", draft.pk)
    assert "Niemand bekommt eine andere Tür." in client.get(address).content.decode()
    draft.rules.filter(key="R-seek-2").update(body="jugendamt")
    rows = [
        [" ".join(cell.text().split()) for cell in row.all("td")]
        for row in parse(client.get(f"{address}?on=2026-12-01").content.decode()).all("tr")
    ]
    assert rows[1:] == [
        ["Sucht eine Ausbildung (Beispiel)", "Jobcenter", "Jugendamt", "1", "Mit Geld vom Jobcenter"],
        ["Sucht eine Ausbildung", "Jobcenter", "Jugendamt", "1", "Geld vom Jobcenter"],
    ]
    assert client.get(f"{address}?on=nix").status_code == 200


def test_flow_shows_picture_and_words(client: Client, draft: RuleSet) -> None:
    login(client, *AGENTUR)
    address = page("ruleset_flow", draft.pk)
    html = client.get(f"{address}?anliegen=seeking_training").content.decode()
    assert "<svg" in html
    assert "Geld vom Jobcenter oder Arbeitslosengeld und Geld vom Jobcenter: Tür Jobcenter" in " ".join(
        parse(html).text().split()
    )
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\bsrc=)", html)
    assert client.get(f"{address}?anliegen=nix").status_code == 404
    picture = client.get(reverse("admin:counseling_ruleset_flow_svg", args=[draft.pk, "truancy"]))
    assert picture["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert picture.content.decode().startswith("<svg")
    assert client.get(reverse("admin:counseling_ruleset_flow_svg", args=[draft.pk, "nix"])).status_code == 404


def test_broken_row_is_said_and_breaks_no_page(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    draft.rules.filter(key="R-seek-2").update(condition={"fact": "nix", "eq": 1})
    assert client.get(page("responsibilityrule_changelist")).status_code == 200
    for step in ("diff", "flow", "sign_off", "activate"):
        response = client.get(page(f"ruleset_{step}", draft.pk))
        assert "R-seek-2 › Bedingung: Die Angabe „nix“ gibt es nicht." in response.content.decode()
    client.post(page("ruleset_report", draft.pk))
    assert "Die Angabe „nix“ gibt es nicht." in client.get(page("ruleset_report", draft.pk)).content.decode()


def test_whole_way_from_draft_to_the_day_it_counts(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    draft.rules.filter(key="R-seek-2").update(why_youth="Darum.", why_parents="Darum.")
    start = page("ruleset_activate", draft.pk)
    refused = client.post(start, {"on": "2026-11-22"})
    assert refused.context["refusals"] == ("R-seek-2 (geändert): Die Freigabe fehlt. Zuständig: Jobcenter.",)
    assert "R-seek-2 (geändert): Die Freigabe fehlt." in refused.content.decode()
    client.post(page("ruleset_report", draft.pk))
    sign = page("ruleset_sign_off", draft.pk)
    agency = agencies()["jobcenter"]
    refused = client.post(sign, {"agency": agency.pk, "every": "on"})
    assert (refused.status_code, len(refused.context["refusals"])) == (200, 1)
    assert "Alle freigeben" not in client.get(sign).content.decode()
    assert SignOff.objects.count() == 0
    coordinator, client = client, Client()
    login(client, *JOBCENTER, name="freigabe")
    assert client.post(sign, {"agency": agency.pk}).context["refusals"] == ("Bitte mindestens eine Regel ankreuzen.",)
    assert client.post(sign, {"agency": agency.pk, "keys": ["R-seek-2"], "comment": "passt"}).status_code == 302
    assert SignOff.objects.get().comment == "passt"
    assert client.post(sign, {"agency": agency.pk, "every": "on"}).status_code == 200
    assert SignOff.objects.count() == 1
    assert client.post(start, {"on": "2026-11-22"}).status_code == 403
    assert coordinator.post(start, {"on": "2026-11-22"}).status_code == 302
    assert rule_set_number(TODAY) == 2
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Freigabe: Jobcenter", "In Kraft ab 2026-11-22",
    ]  # fmt: skip


def test_agency_signs_all_its_rules_at_once_and_sees_what_they_say(client: Client, draft: RuleSet) -> None:
    login(client, *JOBCENTER)
    check(rule_set=draft, on=TODAY)
    sign = page("ruleset_sign_off", draft.pk)
    words = " ".join(parse(client.get(sign).content.decode()).text().split())
    assert "R-seek-2 Recht wird geprüft Geld vom Amt: Geld vom Jobcenter oder" in words
    assert client.post(sign, {"agency": agencies()["jobcenter"].pk, "every": "on"}).status_code == 302
    assert SignOff.objects.get().rule_keys == ["R-seek-2"]
    assert "Keine Freigabe fehlt." in client.get(sign).content.decode()


def test_draft_is_put_away_after_one_question(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    address = page("ruleset_discard", draft.pk)
    client.get(address)
    assert RuleSet.objects.get(pk=draft.pk).status == "draft"
    assert client.post(address).status_code == 302
    assert RuleSet.objects.get(pk=draft.pk).status == "archived"
    assert client.post(address).status_code == 403


def test_rule_is_switched_off_with_a_reason(client: Client, first: RuleSet) -> None:
    login(client, *COORDINATOR)
    row = first.rules.get(key="R-seek-2")
    address = page("responsibilityrule_switch_off", row.pk)
    assert address in client.get(page("responsibilityrule_change", row.pk)).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "Paragraf gestrichen"}).status_code == 302
    row.refresh_from_db()
    assert (row.is_active, row.switched_off_why) == (False, "Paragraf gestrichen")
    assert "R-seek-2 ist schon abgeschaltet." in client.post(address, {"reason": "x"}).content.decode()
    assert address not in client.get(page("responsibilityrule_change", row.pk)).content.decode()


def test_agency_switches_its_own_rule_off(client: Client, first: RuleSet) -> None:
    login(client, *JOBCENTER)
    row = first.rules.get(key="R-seek-2")
    address = page("responsibilityrule_switch_off", row.pk)
    assert address in client.get(page("responsibilityrule_change", row.pk)).content.decode()
    assert client.post(address, {"reason": "Paragraf gestrichen"}).status_code == 302
    row.refresh_from_db()
    assert not row.is_active


def test_switch_needs_its_right(client: Client, first: RuleSet) -> None:
    login(client, *AGENTUR)
    row = first.rules.get(key="R-seek-2")
    address = page("responsibilityrule_switch_off", row.pk)
    assert (client.get(address).status_code, client.post(address, {"reason": "x"}).status_code) == (403, 403)
    assert address not in client.get(page("responsibilityrule_change", row.pk)).content.decode()
    row.refresh_from_db()
    assert row.is_active


def test_rule_switched_on_in_a_draft_forgets_its_emergency(client: Client, draft: RuleSet) -> None:
    login(client, *COORDINATOR)
    row = draft.rules.get(key="R-seek-2")
    ResponsibilityRule.objects.filter(pk=row.pk).update(is_active=False, switched_off_at=NOW, switched_off_why="Falsch")
    address = page("responsibilityrule_change", row.pk)
    assert client.post(address, form_of(client, address) | {"is_active": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.is_active, row.switched_off_at, row.switched_off_why) == (True, None, "")
