"""A member of staff who may do everything."""

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.accounts import log_in


@pytest.fixture
def staff(db) -> User:
    return User.objects.create(username="redaktion", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    """The browser of somebody who is logged in to the back office."""
    return log_in(client, staff)
