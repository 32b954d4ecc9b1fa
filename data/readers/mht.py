"""Reads web pages saved as one file (.mht): the HTML part of a MIME message."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from ..document import Source
from ..errors import ReadError
from ..limits import Limits
from .html import read_html
from .input import Input


def read_mht(item: Input, limits: Limits) -> Source:
    """The text of the saved page.

    Raises:
        ReadError: no part of it is HTML.
    """
    message = message_from_bytes(item.data, policy=policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/html":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                return read_html(replace(item, data=data), limits)
    raise ReadError("is a saved page without HTML", advice="save it as .html")
