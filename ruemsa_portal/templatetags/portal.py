"""The few tags that are not an include."""

from django import template

register = template.Library()
