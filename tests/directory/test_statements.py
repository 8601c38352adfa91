"""A query put together once gives what the ORM gives, for every number of values, on both databases."""

from datetime import date

import pytest
from django.db import connection

from directory.statements import Statement
from offers.cards import ROW
from offers.models import Offer
from tests.factories.offers import OfferFactory


@pytest.fixture
def statement() -> Statement:
    return Statement(lambda ids: Offer.objects.filter(pk__in=ids).order_by().values_list(*ROW))


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 9])
def test_rows_are_those_of_the_orm(db: None, statement: Statement, number: int) -> None:
    offers = [
        OfferFactory(certificates=["hsa", "rsa"], checked_on=date(2026, 11, 2), is_remote=count % 2 == 0)
        for count in range(9)
    ]
    asked = [offer.pk for offer in offers[:number]]
    rows = sorted(map(list, statement.rows(asked)), key=lambda row: row[0])
    wanted = list(map(list, Offer.objects.filter(pk__in=asked).order_by("pk").values_list(*ROW)))
    assert rows == wanted
    assert [list(map(type, row)) for row in rows] == [list(map(type, row)) for row in wanted]


def test_nothing_asked_is_no_query(db: None, statement: Statement, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert statement.rows([]) == []


def test_unknown_values_have_no_row(db: None, statement: Statement) -> None:
    offer = OfferFactory()
    assert [row[0] for row in statement.rows([offer.pk, offer.pk + 1, offer.pk + 2])] == [offer.pk]


def test_few_statements_do_for_many_numbers(db: None, statement: Statement, django_assert_num_queries) -> None:
    for number in range(1, 40):
        with django_assert_num_queries(1):
            statement.rows(list(range(1, number + 1)))
    assert sorted(statement._made) == [(connection.vendor, size) for size in (1, 2, 4, 8, 16, 32, 64)]


def test_other_parameters_are_refused(db: None) -> None:
    wrong = Statement(lambda ids: Offer.objects.filter(pk__in=ids, status="published").values_list("pk"))
    with pytest.raises(ValueError):
        wrong.rows([1, 2])
