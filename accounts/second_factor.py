"""The second factor: an app that makes six-digit codes, and ten recovery codes on paper."""

import re
import secrets
from base64 import b32encode

import django_otp
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from accounts import app_keys
from accounts.app_keys import UnreadableKeyError
from accounts.keys import KeyMissingError
from accounts.models import CodeApp, User

CODES = 10
CODE_LENGTH = 10
# Without signs that look alike on paper.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
APP_CODE = re.compile(r"[0-9]{6}")
NAME = "App"


class SecretsClosedError(Exception):
    """The master key is missing or another one: no code of an app can be judged."""


def device_of(user: User) -> CodeApp | None:
    """Return the app an account has confirmed."""
    return CodeApp.objects.filter(user=user, confirmed=True).order_by("pk").first()


def open_device(user: User) -> CodeApp:
    """Return the app that waits for its first code; one is made when none waits. Raises KeyMissingError."""
    waiting = CodeApp.objects.filter(user=user, confirmed=False).order_by("pk").first()
    if waiting is not None and not opens(waiting):
        waiting.delete()  # nobody uses it yet, and nobody could
        waiting = None
    return waiting or CodeApp.objects.create(user=user, confirmed=False, name=NAME)


def opens(device: CodeApp) -> bool:
    """Return whether the secret of an app can be read. Raises KeyMissingError."""
    try:
        return bool(device.bin_key)
    except UnreadableKeyError:
        return False


@transaction.atomic
def confirm(*, user: User, code: str) -> CodeApp | None:
    """Take the waiting app in use when its code is right; an earlier app stops working."""
    device = CodeApp.objects.select_for_update().filter(user=user, confirmed=False).order_by("pk").first()
    if device is None or not opens(device):
        return None
    if not APP_CODE.fullmatch(plain(code)) or not device.verify_token(plain(code)):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    CodeApp.objects.filter(user=user).exclude(pk=device.pk).delete()
    return device


def verify(*, user: User, code: str) -> Device | None:
    """Return the device a code proves: the app, or the list of recovery codes. No code works twice.

    Raises SecretsClosedError for a code of the app; recovery codes need no master key.
    """
    entered = plain(code)
    if APP_CODE.fullmatch(entered):
        device = device_of(user)
        try:
            return django_otp.verify_token(user, device.persistent_id, entered) if device else None
        except (KeyMissingError, UnreadableKeyError) as error:
            raise SecretsClosedError from error
    static = StaticDevice.objects.filter(user=user, confirmed=True).first()
    return django_otp.verify_token(user, static.persistent_id, _stored(entered)) if static else None


@transaction.atomic
def new_recovery_codes(*, user: User) -> list[str]:
    """Return ten new codes to be shown once; the ones before open nothing any more."""
    device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "Notfallcodes"})
    codes = ["".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH)) for _code in range(CODES)]
    device.token_set.all().delete()
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_stored(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def num_recovery_codes(user: User) -> int:
    """Return how many recovery codes are left."""
    return int(StaticToken.objects.filter(device__user=user).count())


def secret_text(device: CodeApp) -> str:
    """Return the key of an app as people type it when the camera does not work."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@transaction.atomic
def switch_off(*, user: User) -> None:
    """Forget app and recovery codes; where the second factor is compulsory the next login asks for a new one."""
    CodeApp.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


@transaction.atomic
def seal_anew() -> int:
    """Seal every app's secret with the master key in use; return how many were sealed with an older one.

    Raises KeyMissingError, or UnreadableKeyError when one opens with none: then nothing is changed.
    """
    number = 0
    for device in CodeApp.objects.select_for_update().order_by("pk"):
        if not app_keys.is_current(device.key, account=device.user_id):
            device.key = app_keys.seal(device.bin_key, account=device.user_id)
            device.save(update_fields=["key"])
            number += 1
    return number


def num_closed() -> int:
    """Return how many apps cannot be used, because their secret does not open. Raises KeyMissingError."""
    return sum(not opens(device) for device in CodeApp.objects.all())


def plain(code: str) -> str:
    """Return a code without the blanks and hyphens people read it with."""
    return re.sub(r"[\s-]", "", code).upper()


def _stored(code: str) -> str:
    """Return what is kept of a recovery code: 80 bits of a keyed hash, which is what the column holds."""
    return b32encode(salted_hmac("accounts.recovery_code", code, algorithm="sha256").digest())[:16].decode()
