"""What gunicorn's workers do before they answer."""

import gc

from ruemsa_portal.gunicorn_conf import LOOKED_THROUGH_AFTER, post_worker_init


def test_a_worker_does_not_look_through_its_code_for_garbage() -> None:
    before = gc.get_threshold()
    try:
        post_worker_init(None)
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == LOOKED_THROUGH_AFTER
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
