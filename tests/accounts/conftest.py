"""A quick hasher: what is tested is the way in, not how long a hash takes."""

from typing import Any

import pytest

from accounts.models import User
from tests.factories.accounts import PASSWORD, staff


@pytest.fixture(autouse=True)
def quick_hasher(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(db: None, quick_hasher: None) -> User:
    """Somebody for whom the second factor is compulsory."""
    return staff("technik", password=PASSWORD, is_superuser=True)


@pytest.fixture
def clerk(db: None, quick_hasher: None) -> User:
    """Somebody who may choose."""
    return staff("redaktion", password=PASSWORD)
