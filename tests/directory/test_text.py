"""Folding: spelling habits do not decide what is found."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "groesse"),
        ("GROẞE STRASSE", "grosse strasse"),
        ("Ängste", "aengste"),
        ("A\u0308ngste", "aengste"),
        ("Café  Olé\n", "cafe ole"),
        ("Schul\u00adabschluss", "schulabschluss"),
        ("A\u200d\u0308ngste", "aengste"),
        ("Łódź", "łodz"),
        ("Привет", "привет"),
        ("§ 22 Abs. 4", "§ 22 abs. 4"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_fold_is_the_same_for_every_way_to_compose(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x24F)) | st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
