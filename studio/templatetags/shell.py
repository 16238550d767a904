"""The frame around a page, for `base.html`."""

from typing import Any

from django import template
from django.template.context import Context

from studio.views.shell import Shell

register = template.Library()


@register.simple_tag(takes_context=True)
def shell(context: Context) -> Any:
    """What the frame shows to the person of this request."""
    return Shell.of(context["request"])
