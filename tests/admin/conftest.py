"""A member of staff who may do everything."""

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture
def staff(db) -> User:
    return User.objects.create(username="redaktion", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    """The browser of somebody who is logged in to the back office."""
    client.force_login(staff)
    return client
