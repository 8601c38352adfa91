"""Nothing derived from the content of one test may reach the next."""

import pytest

from directory import versions


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_kept", {})
