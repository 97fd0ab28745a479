"""How values look on the admin's pages."""

import json
from typing import Any

import unfold.fields
from django.utils.html import format_html
from django.utils.safestring import SafeString


def plain_json(data: Any, encoder: type[json.JSONEncoder] | None) -> SafeString:
    """Return JSON as it is read by people, without colours."""
    text = json.dumps(data, indent=2, ensure_ascii=False, cls=encoder)
    return format_html('<pre class="console-json">{}</pre>', text)


def use_plain_json() -> None:
    """Keep unfold from colouring JSON: where Pygments is there, it styles inline."""
    unfold.fields.prettify_json = plain_json
