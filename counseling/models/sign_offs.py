"""Who says that a rule is right: the agency whose law it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from counseling.models.rule_sets import RuleSet
from directory.fields import PlainJSONField
from directory.models import Agency


class SignOff(models.Model):
    """An agency's approval of rules exactly as they stood at that moment; never changed or deleted."""

    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, related_name="sign_offs", verbose_name=_("Regelwerk")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sign_offs", verbose_name=_("Stelle"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_offs", verbose_name=_("von")
    )
    at = models.DateTimeField(_("am"))
    rule_keys = PlainJSONField(_("Regeln"), default=list)
    # A rule that changes afterwards has another fingerprint and needs a new sign-off.
    fingerprints = PlainJSONField(_("Fingerabdrücke"), default=list)
    comment = models.TextField(_("Bemerkung"), blank=True)

    class Meta:
        verbose_name = _("Freigabe")
        verbose_name_plural = _("Freigaben")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule_set}: {self.agency}"
