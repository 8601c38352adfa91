"""What gunicorn's workers do before they answer."""

import gc

from ruemsa_portal.gunicorn_conf import post_worker_init


def test_a_worker_does_not_look_through_its_code_for_garbage() -> None:
    try:
        post_worker_init(None)
        assert gc.get_freeze_count() > 10_000
        assert gc.isenabled()
    finally:
        gc.unfreeze()
