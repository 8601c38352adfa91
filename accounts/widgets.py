"""Form widgets of the back office."""

from typing import Any

from django.forms import CheckboxSelectMultiple

LONG_LIST = 12


class CheckboxGroup(CheckboxSelectMultiple):
    """Checkboxes in a group with a name, so that a screen reader says what they are about."""

    template_name = "admin/widgets/checkbox_group.html"

    def __init__(self, *, legend: object, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.legend = legend

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the name of the group; a long list is folded and says what is chosen."""
        context = super().get_context(name, value, attrs)
        options = [option for _group, options, _index in context["widget"]["optgroups"] for option in options]
        chosen = [str(option["label"]) for option in options if option["selected"]]
        return {
            **context,
            "legend": self.legend,
            "is_long": len(options) > LONG_LIST,
            "chosen": ", ".join(chosen),
        }
