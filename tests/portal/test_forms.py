"""The crispy template pack: label, hint, error and control belong together for everyone."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Field, Fieldset, Hidden, Layout, Reset, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.forms import formset_factory
from django.template import Context, Template

from tools.markup import Node, parse


class Counted(str):
    """A choice label that knows its number of hits."""

    num = 0


def counted(text: str, num: int) -> Counted:
    label = Counted(text)
    label.num = num
    return label


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="So wie du heißt <b>.", error_messages={"required": "Schreib was."})
    mail = forms.EmailField(label="Mail", required=False, error_messages={"invalid": "Da fehlt ein @."})
    kind = forms.ChoiceField(
        label="Art",
        choices=[("a", counted("Beratung", 12)), ("b", counted("Geld", 0))],
        widget=forms.RadioSelect,
        error_messages={"required": "Wähl eins."},
    )
    days = forms.MultipleChoiceField(
        label="Tage",
        required=False,
        choices=[("mo", "Montag"), ("di", "Dienstag")],
        widget=forms.CheckboxSelectMultiple,
    )
    place = forms.ChoiceField(label="Ort", choices=[("x", "X")], required=False)
    agree = forms.BooleanField(label="Einverstanden", error_messages={"required": "Setz den Haken."})
    secret = forms.CharField(widget=forms.HiddenInput, initial="s")


def helper(method: str = "post", **kwargs: Any) -> FormHelper:
    made = FormHelper()
    made.form_method = method
    made.layout = Layout(
        Fieldset(
            "Über dich", "name", Row(Column("mail"), Column(Field("place", wrapper_class="wide"))), css_class="mine"
        ),
        Div("kind", "days", css_id="wahl"),
        HTML("<hr>"),
        "agree",
        "secret",
        Hidden("extra", "1"),
        Reset("reset", "Leeren"),
        Submit("go", "Weiter", css_class="button--big"),
    )
    for name, value in kwargs.items():
        setattr(made, name, value)
    return made


def rendered(form: forms.Form, made: FormHelper | None = None) -> Node:
    return parse(render_crispy_form(form, helper() if made is None else made, {"csrf_token": "geheim"}))


def one(tree: Node, tag: str, **attributes: str) -> Node:
    found = [node for node in tree.all(tag) if attributes.items() <= node.attributes.items()]
    assert len(found) == 1, (tag, attributes, len(found))
    return found[0]


def by_id(tree: Node) -> dict[str, Node]:
    nodes = [node for node in tree.all() if node.attributes.get("id")]
    assert len({node.attributes["id"] for node in nodes}) == len(nodes)
    return {node.attributes["id"]: node for node in nodes}


def test_form_is_sent_by_post_with_token_and_own_messages() -> None:
    form = one(rendered(SampleForm()), "form")
    assert form.attributes == {"method": "post", "novalidate": ""}
    assert one(form, "input", name="csrfmiddlewaretoken").attributes["value"] == "geheim"


def test_search_form_carries_no_token_and_marks_nothing_as_optional() -> None:
    tree = rendered(SampleForm(), helper("get"))
    assert [node for node in tree.all("input") if node.attributes["name"] == "csrfmiddlewaretoken"] == []
    assert "freiwillig" not in tree.text()
    assert "freiwillig" in rendered(SampleForm()).text()


def test_every_control_has_a_visible_label() -> None:
    tree = rendered(SampleForm())
    labels = {node.attributes["for"]: node.text() for node in tree.all("label")}
    controls = [
        node
        for node in tree.all("input", "select", "textarea")
        if node.attributes.get("type") not in ("hidden", "submit", "reset")
    ]
    assert [node.attributes["id"] for node in controls if node.attributes["id"] not in labels] == []
    assert labels["id_name"] == "Name"
    assert labels["id_kind_0"] == "Beratung12 Treffer"


def test_groups_are_fieldsets_with_legend() -> None:
    legends = [node.text() for node in rendered(SampleForm()).all("legend")]
    assert legends == ["Über dich", "Art", "Tage – freiwillig"]


def test_counts_stand_beside_the_choice_even_when_zero() -> None:
    counts = [
        node.text() for node in rendered(SampleForm()).all("span") if node.attributes.get("class") == "choice__count"
    ]
    assert counts == ["12 Treffer", "0 Treffer"]


def test_hint_is_escaped_and_tied_to_its_control() -> None:
    tree = rendered(SampleForm())
    nodes = by_id(tree)
    assert nodes["id_name"].attributes["aria-describedby"] == "id_name_helptext"
    assert nodes["id_name_helptext"].text() == "So wie du heißt <b>."
    assert list(tree.all("b")) == []


def test_without_errors_there_is_no_summary() -> None:
    tree = rendered(SampleForm({"name": "A", "kind": "a", "agree": "on", "secret": "s"}))
    assert [node for node in tree.all() if node.attributes.get("role") == "alert"] == []
    assert [node for node in tree.all() if "aria-invalid" in node.attributes] == []


def test_summary_comes_first_takes_the_focus_and_leads_to_each_field() -> None:
    tree = rendered(SampleForm({"mail": "nix", "secret": "s"}))
    form = one(tree, "form")
    boxes = list(form.all("div", "fieldset"))
    assert boxes[0].attributes["role"] == "alert"
    assert boxes[0].attributes["tabindex"] == "-1"
    assert "autofocus" in boxes[0].attributes
    nodes = by_id(tree)
    links = {node.attributes["href"]: node.text() for node in boxes[0].all("a")}
    assert links == {
        "#id_name": "Schreib was.",
        "#id_mail": "Da fehlt ein @.",
        "#id_kind_0": "Wähl eins.",
        "#id_agree": "Setz den Haken.",
    }
    assert {nodes[href[1:]].tag for href in links} == {"input"}


def test_error_is_tied_to_its_control() -> None:
    nodes = by_id(rendered(SampleForm({"secret": "s"})))
    assert nodes["id_name"].attributes["aria-invalid"] == "true"
    assert nodes["id_name"].attributes["aria-describedby"] == "id_name_helptext id_name_error"
    assert nodes["id_name_error"].text() == "Fehler: Schreib was."
    assert nodes["id_agree"].attributes["aria-describedby"] == "id_agree_error"


def test_error_of_a_group_is_tied_to_the_group() -> None:
    tree = rendered(SampleForm({"secret": "s"}))
    group = next(node for node in tree.all("fieldset") if node.attributes.get("aria-describedby"))
    assert group.attributes["aria-describedby"] == "id_kind_error"
    assert by_id(tree)["id_kind_error"].text() == "Fehler: Wähl eins."


def test_errors_of_the_whole_form_are_in_the_summary() -> None:
    form = SampleForm({"name": "A", "kind": "a", "agree": "on", "secret": "s"})
    form.add_error(None, "Beides zusammen geht nicht.")
    summary = next(node for node in rendered(form).all() if node.attributes.get("role") == "alert")
    assert [node.text() for node in summary.all("li")] == ["Beides zusammen geht nicht."]


def test_layout_objects_are_rendered() -> None:
    tree = rendered(SampleForm())
    assert one(tree, "fieldset", **{"class": "fieldset mine"}).text().startswith("Über dich Name")
    assert [node.attributes["name"] for node in one(tree, "div", id="wahl").all("input")] == [
        "kind",
        "kind",
        "days",
        "days",
    ]
    row = one(tree, "div", **{"class": "form-row"})
    assert [node.attributes["name"] for node in row.all("input", "select")] == ["mail", "place"]
    assert one(row, "div", **{"class": "field wide"}).text().startswith("Ort")
    assert len(list(tree.all("hr"))) == 1
    assert one(tree, "input", name="extra").attributes["type"] == "hidden"
    buttons = {node.attributes["name"]: node.attributes for node in tree.all("button")}
    assert buttons["go"]["type"] == "submit"
    assert buttons["go"]["class"].split() == ["button", "button--big"]
    assert buttons["reset"]["class"].split() == ["button", "button--quiet"]


def test_form_without_layout_shows_all_fields_and_the_helper_s_buttons() -> None:
    made = FormHelper()
    made.add_input(Submit("go", "Weiter"))
    tree = rendered(SampleForm(), made)
    assert list(by_id(tree)) == [
        "id_name_helptext",
        "id_name",
        "id_mail",
        "id_kind_0",
        "id_kind_1",
        "id_days_0",
        "id_days_1",
        "id_place",
        "id_agree",
        "id_secret",
        "submit-id-go",
    ]


def test_filter_renders_a_form_and_a_single_field() -> None:
    template = Template("{% load crispy_forms_tags %}{{ form|crispy }}|{{ form.name|as_crispy_field }}")
    whole, single = template.render(Context({"form": SampleForm()})).split("|")
    assert len(list(parse(whole).all("label"))) == 8
    assert [node.text() for node in parse(single).all("label")] == ["Name"]


def test_formset_renders_every_form_and_its_own_errors() -> None:
    formset = formset_factory(SampleForm, extra=2, max_num=1, validate_max=True)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "A", "form-1-name": "B"},
        error_messages={"too_many_forms": "Höchstens eins."},
    )
    assert not formset.is_valid()
    tree = parse(render_crispy_form(formset, FormHelper(), {"csrf_token": "x"}))
    assert len([node for node in tree.all("input") if node.attributes.get("name", "").endswith("-name")]) == 2
    summaries = [node.text() for node in tree.all() if node.attributes.get("role") == "alert"]
    assert len(summaries) == 3
    assert summaries[0] == "Da fehlt noch etwas Höchstens eins."
