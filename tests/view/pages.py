"""What holds of any sealed page, and the content that its script reads."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any


def content_in(page: bytes) -> Any:
    """What a page shows, read as its script does."""
    found = re.search(rb'<script type="application/json"[^>]*>(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def assert_lets_in_its_own_alone(page: bytes) -> None:
    """The policy knows style and script of the page, and nothing asks for others."""
    text = page.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    for name in ("style", "script"):
        (own,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        checksum = b64encode(sha256(own.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{checksum}'" in policy[1]
    for word in ("<link", " src=", "@import", "style="):
        assert word not in text


def assert_no_name_ends_its_block(page: bytes) -> None:
    """No text of others begins or ends an element, or takes the place of a part."""
    assert page.count(b"<script") == page.count(b"</script>") == 2
    assert b"<!--" not in page
    assert not re.search(rb"\{\{(?!content)\w+\}\}", page)  # which hostile names say
