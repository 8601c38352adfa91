"""Codes and keys: what can be read from them, and what cannot."""

import re
import string
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import keys
from counseling import encryption
from counseling.codes import SIGNS, Code, new_public_id, new_token, read_code, secret_of, stored_hash

KEY = b"k" * 32
CODES = st.builds(
    lambda public_id, token: Code(public_id, secret_of(token, KEY)),
    st.text(SIGNS, min_size=4, max_size=4),
    st.text(string.ascii_letters, min_size=22, max_size=22),
)


@settings(max_examples=50, deadline=None)
@given(CODES)
def test_code_is_read_back_however_it_is_typed(code: Code) -> None:
    written = str(code)
    assert re.fullmatch(rf"[{SIGNS}]{{5}}-[{SIGNS}]{{5}}-[{SIGNS}]{{5}}-[{SIGNS}]{{3}}", written)
    for typed in (
        written,
        written.lower(),
        written.replace("-", " "),
        f"  {written.replace('-', '')}\n",
        written.replace("-", "–"),
    ):
        assert read_code(typed) == code


@settings(max_examples=50, deadline=None)
@given(CODES, st.integers(0, 17), st.sampled_from(SIGNS))
def test_every_single_wrong_sign_is_caught(code: Code, place: int, sign: str) -> None:
    signs = list(str(code).replace("-", ""))
    if signs[place] != sign:
        signs[place] = sign
        assert read_code("".join(signs)) is None


@settings(max_examples=50, deadline=None)
@given(CODES, st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(code: Code, place: int) -> None:
    signs = list(str(code).replace("-", ""))
    if signs[place] != signs[place + 1]:
        signs[place], signs[place + 1] = signs[place + 1], signs[place]
        assert read_code("".join(signs)) is None


@pytest.mark.parametrize("typed", ["", "7KQ4", "0" * 18, "7KQ4M-XR3VT-9HWPA-N6", "ü" * 18, "A" * 5000, "\x00" * 18])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_secret_has_64_bits_and_follows_from_the_token_alone() -> None:
    assert secret_of("a", KEY) == secret_of("a", KEY)
    assert secret_of("a", KEY) != secret_of("b", KEY)
    assert secret_of("a", KEY) != secret_of("a", b"x" * 32)
    assert len(SIGNS) ** 13 >= 2**64
    assert len({secret_of(str(number), KEY) for number in range(1000)}) == 1000


def test_what_is_stored_needs_the_key() -> None:
    code = Code(new_public_id(), secret_of(new_token(), KEY))
    assert stored_hash(code, KEY) != stored_hash(code, b"x" * 32)
    assert code.secret not in stored_hash(code, KEY)
    assert code.secret not in repr(code)


def test_ring_takes_the_first_key_for_new_things_and_knows_the_others() -> None:
    old, new = keys.new_entry("alt"), keys.new_entry("neu")
    ring = keys.parse_ring(f"{new}\n{old}\n")
    assert (ring.current, sorted(ring.keys)) == ("neu", ["alt", "neu"])
    assert ring.derive("code", "alt") == keys.parse_ring(old).derive("code", "alt")
    assert ring.derive("code", "alt") != ring.derive("wrap", "alt")
    with pytest.raises(keys.UnknownKeyError):
        ring.derive("code", "fremd")


@pytest.mark.parametrize(
    "text", ["", " , ", "1:", "1:kurz", ":" + "A" * 44, "1:" + "A" * 43 + "=", "1:ü", "nur-ein-name"]
)
def test_unusable_ring_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(keys.BrokenKeysError) as refused:
        keys.parse_ring(text)
    assert "kurz" not in str(refused.value) and "AAA" not in str(refused.value)


def test_name_twice_is_refused() -> None:
    with pytest.raises(keys.BrokenKeysError):
        keys.parse_ring(f"{keys.new_entry('1')},{keys.new_entry('1')}")


def test_text_opens_only_at_its_place_with_its_key_and_unchanged() -> None:
    key, key_id = encryption.new_data_key(), uuid.uuid4()
    here, there = (encryption.place_of("counseling.message", uuid.uuid4(), "text") for _place in "12")
    for text in ("", "Hallo", "\ud800 \u202e 😀\x00" * 50):
        sealed = encryption.encrypt(text, key=key, key_id=key_id, place=here)
        assert encryption.decrypt(sealed, key_of=lambda asked: {key_id: key}[asked], place=here) == text
        broken = [
            (sealed, here, encryption.new_data_key()),
            (sealed, there, key),
            (sealed[:-1], here, key),
            (sealed[:-1] + bytes([sealed[-1] ^ 1]), here, key),
        ]
        for changed, place, other in broken:
            with pytest.raises(encryption.UnreadableError):
                encryption.decrypt(changed, key_of=lambda _asked, other=other: other, place=place)
    with pytest.raises(encryption.UnreadableError):
        encryption.decrypt(b"Klartext", key_of=lambda _asked: key, place=here)


def test_same_text_never_looks_the_same() -> None:
    key, key_id = encryption.new_data_key(), uuid.uuid4()
    assert len({encryption.encrypt("a", key=key, key_id=key_id, place=b"x") for _time in range(20)}) == 20
