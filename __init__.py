"""gongkai: figures of Chinese information-disclosure annual reports, each with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inference.extractor import Extraction as Extraction
    from .inference.extractor import Extractor as Extractor
    from .inference.types import Record as Record

__version__ = "0.1.0"
__all__ = ["Extraction", "Extractor", "Record", "__version__"]

_PLACES = {
    "Extractor": "inference.extractor",
    "Extraction": "inference.extractor",
    "Record": "inference.types",
}


def __getattr__(name: str) -> Any:
    """Load the public names where they are first used: `import gongkai` stays light."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(f".{_PLACES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
