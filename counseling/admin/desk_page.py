"""One enquiry or appointment on the desk: who asks, and what becomes of what they press."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts.keys import KeyMissingError
from accounts.models import User
from counseling.actions.desk import NotYoursError
from counseling.actions.enquiries import ClosedError
from counseling.encryption import UnreadableError


@dataclass
class DeskPage:
    """One request for one row."""

    request: HttpRequest
    model_admin: admin.ModelAdmin

    template: ClassVar[str]
    gone: ClassVar[Any]
    """What is said when the row has moved on meanwhile."""

    @property
    def user(self) -> User:
        """Who asks; the page is for accounts only."""
        user: Any = self.request.user
        return user  # type: ignore[no-any-return]

    def done(self, text: str) -> HttpResponse:
        """Say what happened and show the page anew."""
        messages.success(self.request, text)
        return redirect(self.request.path)

    def back(self) -> HttpResponse:
        """Go to the list: the row is not there any more."""
        opts = self.model_admin.opts
        return redirect(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def own(self) -> dict[str, Any]:
        """Return what the page shows with every answer: its ``title``, the row, when it goes."""
        raise NotImplementedError

    def render(self, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page with what is the same for every answer."""
        common = self.model_admin.admin_site.each_context(self.request)
        whole = {**common, **context, **self.own(), "opts": self.model_admin.opts}
        return TemplateResponse(self.request, self.template, whole, status=status)


P = TypeVar("P", bound=DeskPage)
Deed = Callable[[P], HttpResponse]


def answer(page: P, *, read: Deed[P], deeds: Mapping[str, Deed[P]]) -> HttpResponse:
    """Show the row or do what was pressed; what the account may not do with it does not exist."""
    try:
        if page.request.method == "POST":
            return deeds.get(page.request.POST.get("tun", ""), _nothing)(page)
        return read(page)
    except NotYoursError as error:
        raise Http404 from error
    except ClosedError:
        messages.warning(page.request, page.gone)
        return page.back()
    except (KeyMissingError, UnreadableError):
        return page.render({"is_unreadable": True}, status=503)


def _nothing(page: DeskPage) -> HttpResponse:
    return redirect(page.request.path)
